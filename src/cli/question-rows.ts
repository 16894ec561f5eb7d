import type { RequestDescription, RequestSection } from "../requests/description.ts";
import type { VisibleText } from "../text/visible.ts";
import { fitRow, wrap, wrapWords } from "./cells.ts";
import { FRAME, type Paint, type Shown, show } from "./text.ts";

/** An option, and the key that chooses it. */
export interface KeyedOption {
  readonly key: Shown;
  readonly label: VisibleText;
  readonly grants: readonly RequestSection[];
}

const ESCAPES = show`Escapes: \\\\ is one backslash; \\n, \\x1b, \\u{200b} are invisible characters.`;

/**
 * The rows of a question: the complete request, what each option grants, and the options. Rows are
 * cut to the width here, so that no text of the request can start one. The request's own text is
 * cut only where a row is full, because a space at the end of a shorter row would be invisible.
 */
export function questionRows(
  title: Shown,
  sections: readonly RequestSection[],
  options: readonly KeyedOption[],
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): Shown[] {
  // The last column stays empty: some terminals start a new row when it is written to.
  const width = columns - FRAME.length - 2;
  const rowsOf = (section: RequestSection, before = show``) =>
    sectionRows(section, show`${before}${inFrame(section.label)}`, width, paint);
  const subject = sections.filter(({ role }) => role === "subject");
  const around = sections.filter(({ role }) => role !== "subject");
  const rows = [
    ...wrapWords(title, width).map((row) => paint(["bold", "yellow"], row)),
    ...around.flatMap((section) => rowsOf(section)),
    ...options.flatMap(({ key, grants }) =>
      grants.flatMap((grant) => rowsOf(grant, show`With ${key}: `)),
    ),
    ...subject.flatMap((section) => rowsOf(section)),
    ...(sections.some(hasEscapes) ? wrapWords(ESCAPES, width).map((row) => paint("dim", row)) : []),
    ...options.flatMap(({ key, label }) => wrapWords(show`${key}  ${inFrame(label)}`, width)),
  ];
  return rows.map((row) => framed(row, paint));
}

/** A row of a question. */
export function framed(row: Shown, paint: Paint): Shown {
  return show`${paint("yellow", FRAME)} ${row}`;
}

/** A prompt that fits on one row: the short form if the long one doesn't fit. */
export function promptText(text: Shown, short: Shown, columns: number, paint: Paint): Shown {
  const width = columns - FRAME.length - 4;
  const isLong = wrap(text, width).length > 1;
  return show`${framed(isLong ? fitRow(short, width) : text, paint)} `;
}

/** Text of the request, which may contain the frame's character, because it is inside the frame. */
export function inFrame(text: VisibleText): Shown {
  return text as string as Shown;
}

function hasEscapes({ text, format }: RequestSection): boolean {
  return format !== "json" && text.includes("\\");
}

function sectionRows(section: RequestSection, label: Shown, width: number, paint: Paint): Shown[] {
  const { role, omitted } = section;
  const text = inFrame(section.text);
  const style = role === "warning" ? "red" : "bold";
  const inline = show`${label}: ${text}`;
  if (role === "warning") return wrapWords(inline, width).map((row) => paint(style, row));
  const isShort = omitted === 0 && inline.length <= width && !inline.includes("\n");
  if (isShort && wrap(inline, width).length === 1) {
    return [show`${paint(style, show`${label}:`)} ${text}`];
  }
  const lines = text.split("\n") as Shown[];
  return [
    ...wrapWords(show`${label}:`, width).map((row) => paint(style, row)),
    ...lines.flatMap((line) => lineRows(line, section, width, paint)),
    ...(omitted === 0 ? [] : wrapWords(show`(and ${omitted} more characters)`, width)),
  ];
}

/** A row that starts a line of the text looks different from one that continues it. */
function lineRows(line: Shown, { format }: RequestSection, width: number, paint: Paint): Shown[] {
  const style = format === "diff" ? diffStyle(line) : undefined;
  return wrap(line, width - 2).map((row, index) => {
    const mark = paint("dim", index === 0 ? show`│` : show`┊`);
    return show`${mark} ${style ? paint(style, row) : row}`;
  });
}

function diffStyle(line: string): "green" | "red" | "cyan" | undefined {
  if (line.startsWith("+")) return "green";
  if (line.startsWith("-")) return "red";
  return line.startsWith("@@") ? "cyan" : undefined;
}

/** The title of a description, as a question. */
export function questionTitle({ title }: Pick<RequestDescription, "title">): Shown {
  return show`${inFrame(title)}?`;
}
