import type { FileChange } from "../timeline/index.ts";
import { exactLine, indented, type Paint, type Shown, shortened, shortPath, show } from "./text.ts";

const DIFF_LINES = 60;

/** A changed file: the kind of change, the numbers of added and removed lines, and the diff. */
export function renderChange(change: FileChange, cwd: string, paint: Paint): Shown {
  const lines = signedLines(change);
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  const counts = show`(+${count("+")} -${count("-")})`;
  const shown = shortened(lines.map(exactLine), DIFF_LINES).map((line) => paintLine(line, paint));
  return show`${paint("bold", title(change, cwd))} ${paint("dim", counts)}\n${indented(shown)}`;
}

function title({ path, kind, movedTo }: FileChange, cwd: string): Shown {
  const file = shortPath(path, cwd);
  switch (kind) {
    case "add":
      return show`Add ${file}`;
    case "delete":
      return show`Delete ${file}`;
    default:
      return movedTo === null
        ? show`Edit ${file}`
        : show`Move ${file} to ${shortPath(movedTo, cwd)}`;
  }
}

/** The lines with their signs: the server sends a diff for an edited file, but the plain text of one that is added or deleted. */
function signedLines({ kind, diff }: FileChange): string[] {
  if (diff === "") return [];
  const lines = (diff.endsWith("\n") ? diff.slice(0, -1) : diff).split("\n");
  if (kind === "update") return lines;
  const sign = kind === "add" ? "+" : "-";
  return lines.map((line) => sign + line);
}

function paintLine(line: Shown, paint: Paint): Shown {
  if (line.startsWith("+")) return paint("green", line);
  if (line.startsWith("-")) return paint("red", line);
  return line.startsWith("@@") ? paint("cyan", line) : line;
}
