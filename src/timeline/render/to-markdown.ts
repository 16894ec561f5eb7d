import { lastStates, stripForOutput } from "../../text/output-text.ts";
import type { Block } from "./blocks.ts";
import { quotedMarkdown } from "./quoted-markdown.ts";
import { type Renderable, sectionsOf } from "./sections.ts";

/**
 * Writes a thread, a turn or an entry as Markdown, for exports and issues. Messages are blockquotes
 * with their own formatting, but without HTML; commands, diffs and results are fenced, so that
 * nothing in them is read as Markdown.
 */
export function toMarkdown(view: Renderable): string {
  const blocks = sectionsOf(view).flatMap(({ level, heading, blocks }) => [
    ...(level === 0 ? [] : [`${"#".repeat(level)} ${inline(heading)}`]),
    ...blocks.map(blockMarkdown),
  ]);
  return blocks.length === 0 ? "" : `${blocks.join("\n\n")}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case "title":
      return `**${inline(block.text)}**${block.note === undefined ? "" : ` ${inline(block.note)}`}`;
    case "markdown":
      return quotedMarkdown(stripForOutput(block.text));
    case "list":
      return block.items.map((item) => `- ${inline(item)}`).join("\n");
    case "code": {
      const text = stripForOutput(lastStates(block.text));
      const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
      return `${fence}${block.language}\n${text}\n${fence}`;
    }
  }
}

/** One line of text, escaped so that nothing in it is read as Markdown or HTML. */
function inline(text: string): string {
  const line = stripForOutput(text).replaceAll(/\s+/g, " ");
  return line.replaceAll(/[\\`*_[\]<>&#|~]/g, "\\$&");
}

/** The length of the longest run of backticks. Not `Math.max(...runs)`: a call can't have so many arguments. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
