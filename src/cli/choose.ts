import type { RequestDescription, RequestOption } from "../requests/description.ts";
import { wrapWords } from "./cells.ts";
import { showAll } from "./pages.ts";
import {
  framed,
  type KeyedOption,
  promptText,
  questionRows,
  questionTitle,
} from "./question-rows.ts";
import type { Talk } from "./terminal.ts";
import { join, outputLine, type Paint, type Shown, show } from "./text.ts";

interface Choice extends KeyedOption {
  readonly option: RequestOption;
  readonly words: readonly string[];
}

/**
 * With fewer columns, framed rows would be broken, and it wouldn't be clear what belongs to the
 * request.
 */
const MIN_COLUMNS = 12;

/**
 * Shows a request, page by page if it is longer than the screen, and lets the user choose among its
 * options. Nothing can be accepted before all of it has been shown, or if the terminal has become
 * smaller since.
 */
export async function choose(
  talk: Talk,
  description: RequestDescription,
  paint: Paint,
): Promise<RequestOption> {
  for (;;) {
    const { columns, rows } = talk;
    if (columns < MIN_COLUMNS) {
      talk.show([show`Too narrow.`]);
      return description.refusal;
    }
    const chosen = await ask(talk, description, paint);
    const isShown = talk.columns >= columns && talk.rows >= rows;
    if (isShown || chosen.effect === "refuse") return chosen;
    const notice = show`The terminal is smaller now, so the request is shown again.`;
    talk.show(wrapWords(notice, talk.columns - 4).map((row) => framed(row, paint)));
  }
}

async function ask(
  talk: Talk,
  description: RequestDescription,
  paint: Paint,
): Promise<RequestOption> {
  const choices = choicesOf(description);
  const title = questionTitle(description);
  const { columns } = talk;
  const rows = questionRows(title, description.sections, choices, { columns, paint });
  if (!(await showAll(talk, rows, paint))) return description.refusal;
  const keys = join(
    choices.map(({ key }) => key),
    "/",
  );
  const prompt = promptText(show`${title} [${keys}]:`, show`[${keys}]:`, columns, paint);
  for (;;) {
    const typed = (await talk.ask(prompt))?.trim().toLowerCase();
    if (typed === undefined) return description.refusal;
    const [first = "", ...pasted] = typed.split("\n");
    const chosen = choices.find(({ words }) => words.includes(first));
    // Pasted text that happens to begin with "y" isn't the user's answer.
    const isAnswer = pasted.length === 0 || chosen?.option.effect === "refuse";
    if (chosen && isAnswer) return chosen.option;
    talk.show([framed(show`Type one of ${keys}, then Enter.`, paint)]);
  }
}

const KEYS: ReadonlyMap<string, readonly [key: Shown, word: Shown]> = new Map([
  ["accept", [show`y`, show`yes`] as const],
  ["acceptForSession", [show`a`, show`always`] as const],
  ["acceptWithExecpolicyAmendment", [show`p`, show`policy`] as const],
  ["applyNetworkPolicyAmendment", [show`h`, show`host`] as const],
  ["decline", [show`n`, show`no`] as const],
  ["cancel", [show`c`, show`cancel`] as const],
]);

/** The options that a rule can return, each with its own key. */
function choicesOf({ options }: RequestDescription): Choice[] {
  const offered = options.filter(({ decision }) => decision !== undefined);
  const canDecline = offered.some(({ id }) => id === "decline");
  return offered.map((option) => {
    const [name = show``, number = show``] = option.id.split("-").map(outputLine);
    const wanted = name === "cancel" && !canDecline ? show`decline` : name;
    const [key, word] = KEYS.get(wanted) ?? [name, name];
    const words = [key + number, word + number, ...(wanted === name ? [] : ["c", "cancel"])];
    const { label, grants } = option;
    return { key: show`${key}${number}`, label, grants, option, words };
  });
}
