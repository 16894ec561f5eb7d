import type { RequestDescription, RequestSection } from "../requests/description.ts";
import { fitRow, wrap } from "./cells.ts";
import { FRAME, type Paint } from "./text.ts";

/** An option, and the key that chooses it. */
export interface KeyedOption {
  readonly key: string;
  readonly label: string;
  readonly grants: readonly RequestSection[];
}

const ESCAPES = "Escapes: \\\\ is one backslash; \\n, \\x1b, \\u{200b} are characters that hide.";

/**
 * The rows of a question: what is asked for in full, what each option grants, and the options. Rows
 * are cut to the width here, so that no text of the request can start one.
 */
export function questionRows(
  { title, sections }: Pick<RequestDescription, "title" | "sections">,
  options: readonly KeyedOption[],
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): string[] {
  // The last column stays free: some terminals start a new row when it is written to.
  const width = columns - FRAME.length - 2;
  const subject = sections.filter(({ role }) => role === "subject");
  const around = sections.filter(({ role }) => role !== "subject");
  const grants = options.flatMap((option) => option.grants.map((grant) => named(grant, option)));
  const rows = [
    ...wrap(title, width).map((row) => paint(["bold", "yellow"], row)),
    ...around.flatMap((section) => sectionRows(section, width, paint)),
    ...grants.flatMap((section) => sectionRows(section, width, paint)),
    ...subject.flatMap((section) => sectionRows(section, width, paint)),
    ...(sections.some(hasEscapes) ? wrap(ESCAPES, width).map((row) => paint("dim", row)) : []),
    ...options.flatMap(({ key, label }) => wrap(`${key}  ${label}`, width)),
  ];
  return rows.map((row) => `${paint("yellow", FRAME)} ${row}`);
}

/** A prompt that stays on its row. */
export function promptText(text: string, columns: number, paint: Paint): string {
  return `${paint("yellow", FRAME)} ${fitRow(text, columns - FRAME.length - 4)} `;
}

function named(grant: RequestSection, { key }: KeyedOption): RequestSection {
  return { ...grant, label: `With ${key}: ${grant.label}` };
}

function hasEscapes({ text, format }: RequestSection): boolean {
  return format !== "json" && text.includes("\\");
}

function sectionRows(section: RequestSection, width: number, paint: Paint): string[] {
  const { role, label, text, omitted } = section;
  const style = role === "warning" ? ("red" as const) : ("bold" as const);
  const inline = `${label}: ${text}`;
  const isShort = omitted === 0 && inline.length <= width && !inline.includes("\n");
  if (isShort && wrap(inline, width).length === 1) return [`${paint(style, `${label}:`)} ${text}`];
  return [
    ...wrap(`${label}:`, width).map((row) => paint(style, row)),
    ...text.split("\n").flatMap((line) => lineRows(line, section, width, paint)),
    ...(omitted === 0 ? [] : [paint("dim", fitRow(`(and ${omitted} more characters)`, width))]),
  ];
}

/** A row that starts a line of the text looks different from one that continues it. */
function lineRows(line: string, { format }: RequestSection, width: number, paint: Paint) {
  const style = format === "diff" ? diffStyle(line) : undefined;
  return wrap(line, width - 2).map((row, index) => {
    const mark = paint("dim", index === 0 ? "│" : "┊");
    return `${mark} ${style ? paint(style, row) : row}`;
  });
}

function diffStyle(line: string) {
  if (line.startsWith("+")) return "green" as const;
  if (line.startsWith("-")) return "red" as const;
  return line.startsWith("@@") ? ("cyan" as const) : undefined;
}
