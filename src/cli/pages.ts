import { framed, promptText } from "./question-rows.ts";
import type { Talk } from "./terminal.ts";
import { type Paint, type Shown, show } from "./text.ts";

/** The row of the prompt, and one empty row. */
const ROWS_BELOW = 2;
const REFUSALS = ["n", "no", "c", "cancel"];

/** Shows rows page by page; false if the user refused before the last page. */
export async function showAll(talk: Talk, rows: readonly Shown[], paint: Paint): Promise<boolean> {
  const pages = split(rows, Math.max(1, talk.rows - ROWS_BELOW));
  for (const [index, page] of pages.entries()) {
    talk.show(page);
    const isLast = index === pages.length - 1;
    if (!isLast && !(await turnPage(talk, show`page ${index + 1} of ${pages.length}`, paint))) {
      return false;
    }
  }
  return true;
}

async function turnPage(talk: Talk, where: Shown, paint: Paint): Promise<boolean> {
  const prompt = promptText(
    show`${where}; Enter: next page, n: no:`,
    show`${where}:`,
    talk.columns,
    paint,
  );
  for (;;) {
    const typed = (await talk.ask(prompt))?.trim().toLowerCase();
    if (typed === "") return true;
    const first = typed?.split("\n")[0];
    if (first === undefined || REFUSALS.includes(first)) return false;
    talk.show([framed(show`You can answer after the last page.`, paint)]);
  }
}

/** Splits the rows into pages. The last page is full, so that the end of the request is next to the options. */
function split(rows: readonly Shown[], size: number): Shown[][] {
  const pages: Shown[][] = [];
  const first = rows.length % size || size;
  for (let from = 0, to = first; from < rows.length; from = to, to += size) {
    pages.push(rows.slice(from, to));
  }
  return pages;
}
