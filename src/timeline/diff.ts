import type { DiffLine, FileChange, Hunk } from "./entries.ts";
import { type Foreign, recordOf, text, textOrNull } from "./foreign.ts";

const HEADER = /^@@ -(\d{1,9})(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@ ?(.*)$/;

/** A change to one file, as the server describes it in an item. */
export function fileChange(change: Foreign): FileChange {
  const kind = recordOf(change.kind);
  const movedTo = textOrNull(kind.move_path);
  const path = text(change.path);
  const what = kind.type === "add" || kind.type === "delete" ? kind.type : "update";
  const diff = withoutMove(text(change.diff), movedTo);
  const hunks = what === "update" ? hunksOf(diff) : wholeFile(diff, what);
  const count = (one: DiffLine["kind"]) =>
    hunks.reduce((sum, { lines }) => sum + lines.filter(({ kind }) => kind === one).length, 0);
  return { path, kind: what, movedTo, added: count("add"), removed: count("remove"), hunks, diff };
}

/** The diff of a moved file without its new path, which the server adds at the end. */
function withoutMove(diff: string, movedTo: string | null): string {
  const note = `\n\nMoved to: ${movedTo}`;
  return movedTo !== null && diff.endsWith(note) ? diff.slice(0, -note.length) : diff;
}

/** The diff of an added or deleted file, for which the server sends only the file's text. */
function wholeFile(content: string, kind: "add" | "delete"): Hunk[] {
  if (content === "") return [];
  const sign = kind === "add" ? "add" : "remove";
  const lines = linesOf(content).map((line): DiffLine => ({ kind: sign, text: line }));
  const isAdded = kind === "add";
  return [{ oldStart: isAdded ? 0 : 1, newStart: isAdded ? 1 : 0, section: "", lines }];
}

function hunksOf(diff: string): Hunk[] {
  const hunks: (Hunk & { readonly lines: DiffLine[] })[] = [];
  for (const line of linesOf(diff)) {
    const [isHeader, oldStart, newStart, section = ""] = HEADER.exec(line) ?? [];
    if (isHeader !== undefined) {
      const start = { oldStart: Number(oldStart), newStart: Number(newStart) };
      hunks.push({ ...start, section, lines: [] });
      continue;
    }
    // The lines before the first hunk name the files.
    const parsed = hunks.length > 0 ? diffLine(line) : undefined;
    if (parsed) hunks.at(-1)?.lines.push(parsed);
  }
  return hunks.filter(({ lines }) => lines.length > 0);
}

/** A line of a hunk; undefined for a note, such as that the file ends without a line feed. */
function diffLine(line: string): DiffLine | undefined {
  const rest = line.slice(1);
  switch (line[0]) {
    case "+":
      return { kind: "add", text: rest };
    case "-":
      return { kind: "remove", text: rest };
    case "\\":
      return undefined;
    default:
      return { kind: "context", text: rest };
  }
}

function linesOf(content: string): string[] {
  if (content === "") return [];
  return (content.endsWith("\n") ? content.slice(0, -1) : content).split("\n");
}
