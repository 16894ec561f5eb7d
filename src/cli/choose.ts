import type { RequestDescription, RequestOption } from "../requests/description.ts";
import { showAll } from "./pages.ts";
import { type KeyedOption, promptText, questionRows } from "./question-rows.ts";
import type { Talk } from "./terminal.ts";
import { FRAME, type Paint } from "./text.ts";

interface Choice extends KeyedOption {
  readonly option: RequestOption;
  readonly words: readonly string[];
}

/**
 * Shows a request, page by page where it is longer than the screen, and has the user choose among the
 * options that it allows. Nothing can be accepted before all of it was shown.
 */
export async function choose(
  talk: Talk,
  description: RequestDescription,
  paint: Paint,
): Promise<RequestOption> {
  const choices = choicesOf(description);
  const title = `${description.title}?`;
  const { sections } = description;
  const rows = questionRows({ title, sections }, choices, { columns: talk.columns, paint });
  if (!(await showAll(talk, rows, paint))) return description.refusal;
  const keys = choices.map(({ key }) => key).join("/");
  const prompt = promptText(`${title} [${keys}]:`, talk.columns, paint);
  for (;;) {
    const typed = (await talk.ask(prompt))?.trim().toLowerCase();
    if (typed === undefined) return description.refusal;
    const chosen = choices.find(({ words }) => words.includes(typed));
    if (chosen) return chosen.option;
    talk.show([`${paint("yellow", FRAME)} Answer with one of ${keys}, and Enter.`]);
  }
}

const KEYS: ReadonlyMap<string, readonly [key: string, word: string]> = new Map([
  ["accept", ["y", "yes"] as const],
  ["acceptForSession", ["a", "always"] as const],
  ["acceptWithExecpolicyAmendment", ["p", "policy"] as const],
  ["applyNetworkPolicyAmendment", ["h", "host"] as const],
  ["decline", ["n", "no"] as const],
  ["cancel", ["c", "cancel"] as const],
]);

/** The options that a rule can decide for, each with a key of its own. */
function choicesOf({ options }: RequestDescription): Choice[] {
  const offered = options.filter(({ decision }) => decision !== undefined);
  const canDecline = offered.some(({ id }) => id === "decline");
  return offered.map((option) => {
    const [name = "", number = ""] = option.id.split("-");
    const wanted = name === "cancel" && !canDecline ? "decline" : name;
    const [key, word] = KEYS.get(wanted) ?? [option.id, option.id];
    const words = [key + number, word + number, ...(wanted === name ? [] : ["c", "cancel"])];
    const { label, grants } = option;
    return { key: key + number, label, grants, option, words };
  });
}
