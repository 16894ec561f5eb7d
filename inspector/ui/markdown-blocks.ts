/** A block of Markdown text. */
export type MarkdownBlock =
  | { readonly kind: "paragraph" | "heading" | "quote" | "code"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly ListItem[] }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "rule" };

export interface ListItem {
  readonly text: string;
  readonly depth: number;
  readonly mark: string;
}

const FENCE = /^\s*(`{3,}|~{3,})/;
const ITEM = /^(\s*)([-*+]|\d+[.)])\s(.*)$/s;

/** The blocks of a text, which may end in the middle of a block. Takes linear time. */
export function blocksOf(text: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const [, fence] = FENCE.exec(line) ?? [];
    if (line.trim() === "") at++;
    else if (fence !== undefined) at = code(lines, at, fence, blocks);
    else if (/^#{1,6}\s/.test(line)) {
      blocks.push({ kind: "heading", text: line.replace(/^#+\s+/, "") });
      at++;
    } else if (/^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line)) {
      blocks.push({ kind: "rule" });
      at++;
    } else if (ITEM.test(line)) at = list(lines, at, blocks);
    else if (isTable(lines, at)) at = table(lines, at, blocks);
    else at = paragraph(lines, at, blocks);
  }
  return blocks;
}

function code(lines: readonly string[], start: number, fence: string, blocks: MarkdownBlock[]) {
  let at = start + 1;
  const inside: string[] = [];
  for (; at < lines.length && !lines[at]?.trimStart().startsWith(fence); at++) {
    inside.push(lines[at] ?? "");
  }
  blocks.push({ kind: "code", text: inside.join("\n") });
  return at + 1;
}

function list(lines: readonly string[], start: number, blocks: MarkdownBlock[]): number {
  const items: ListItem[] = [];
  let at = start;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const [, indent = "", mark = "", text = ""] = ITEM.exec(line) ?? [];
    const last = items.at(-1);
    if (mark !== "") {
      const shown = /\d/.test(mark) ? mark : "•";
      items.push({
        text: text.trimStart(),
        depth: Math.min(5, Math.floor(indent.length / 2)),
        mark: shown,
      });
    } else if (/^\s+\S/.test(line) && last) {
      items[items.length - 1] = { ...last, text: `${last.text}\n${line.trim()}` };
    } else break;
  }
  blocks.push({ kind: "list", items });
  return at;
}

function isTable(lines: readonly string[], at: number): boolean {
  return /^\s*\|.*\|\s*$/.test(lines[at] ?? "") && /^\s*\|[\s:|-]+\|\s*$/.test(lines[at + 1] ?? "");
}

function table(lines: readonly string[], start: number, blocks: MarkdownBlock[]): number {
  const rows: string[][] = [];
  let at = start;
  for (; /^\s*\|.*\|\s*$/.test(lines[at] ?? ""); at++) {
    if (at === start + 1) continue;
    const cells = (lines[at] ?? "").trim().slice(1, -1).split("|");
    rows.push(cells.map((cell) => cell.trim()));
  }
  blocks.push({ kind: "table", rows });
  return at;
}

function paragraph(lines: readonly string[], start: number, blocks: MarkdownBlock[]): number {
  const isQuote = /^\s*>/.test(lines[start] ?? "");
  const text: string[] = [];
  let at = start;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const begins = at > start && (FENCE.test(line) || /^#{1,6}\s/.test(line) || ITEM.test(line));
    if (line.trim() === "" || begins || /^\s*>/.test(line) !== isQuote) break;
    text.push(isQuote ? line.replace(/^\s*>\s?/, "") : line);
  }
  blocks.push({ kind: isQuote ? "quote" : "paragraph", text: text.join("\n") });
  return at;
}
