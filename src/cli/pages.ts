import { promptText } from "./question-rows.ts";
import type { Talk } from "./terminal.ts";
import { FRAME, type Paint } from "./text.ts";

/** Rows of a page that the prompt takes, and one that stays free. */
const ROWS_BELOW = 2;
const MIN_ROWS = 4;
const REFUSALS = ["n", "no", "c", "cancel"];

/** Shows rows page by page, as many as the screen takes; false when the user turned away before the end. */
export async function showAll(talk: Talk, rows: readonly string[], paint: Paint): Promise<boolean> {
  const pages = split(rows, Math.max(MIN_ROWS, talk.rows - ROWS_BELOW));
  for (const [index, page] of pages.entries()) {
    talk.show(page);
    const isLast = index === pages.length - 1;
    if (!isLast && !(await turnPage(talk, `page ${index + 1} of ${pages.length}`, paint))) {
      return false;
    }
  }
  return true;
}

async function turnPage(talk: Talk, where: string, paint: Paint): Promise<boolean> {
  const prompt = promptText(`${where}; Enter: next page, n: no:`, talk.columns, paint);
  for (;;) {
    const typed = (await talk.ask(prompt))?.trim().toLowerCase();
    if (typed === "") return true;
    if (typed === undefined || REFUSALS.includes(typed)) return false;
    talk.show([`${paint("yellow", FRAME)} It can be answered when all of it was shown.`]);
  }
}

/** The last page is a full one, so that the end of what is approved stands next to the options. */
function split(rows: readonly string[], size: number): string[][] {
  const pages: string[][] = [];
  const first = rows.length % size || size;
  for (let from = 0, to = first; from < rows.length; from = to, to += size) {
    pages.push(rows.slice(from, to));
  }
  return pages;
}
