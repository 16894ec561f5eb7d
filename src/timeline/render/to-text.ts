import { lastStates, stripForOutput } from "../../text/output-text.ts";
import type { Block } from "./blocks.ts";
import { type Renderable, sectionsOf } from "./sections.ts";

/**
 * Writes a thread, a turn or an entry as plain text, for logs and bug reports. Control characters
 * are omitted, so it is safe to show in a terminal.
 */
export function toText(view: Renderable): string {
  const paragraphs = sectionsOf(view).flatMap(({ level, heading, blocks }) => [
    ...(level === 0 ? [] : [`${"=".repeat(3 - level)} ${line(heading)}`]),
    ...joined(blocks),
  ]);
  return paragraphs.length === 0 ? "" : `${paragraphs.join("\n\n")}\n`;
}

/** Joins the blocks, with the content after a title indented below it. */
function joined(blocks: readonly Block[]): string[] {
  const paragraphs: string[] = [];
  for (const block of blocks) {
    const text = blockText(block);
    const last = paragraphs.pop();
    if (block.kind === "title" || last === undefined)
      paragraphs.push(...(last ? [last] : []), text);
    else paragraphs.push(`${last}\n${text}`);
  }
  return paragraphs;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "title":
      return block.note === undefined
        ? line(block.text)
        : `${line(block.text)} · ${line(block.note)}`;
    case "list":
      return indented(block.items.map(line).join("\n"));
    default:
      return indented(stripForOutput(lastStates(block.text)));
  }
}

function line(text: string): string {
  return stripForOutput(text).replaceAll(/\s+/g, " ");
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
