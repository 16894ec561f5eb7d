import { CodexWarning, type Warn } from "../errors/warning.ts";
import { WarningLimit } from "../errors/warning-limit.ts";
import { quoteForeign } from "../text/secrets.ts";
import { isRecord } from "../util/describe.ts";

/** How many messages are reported individually. */
const EACH = 8;
const MAX_QUOTED = 200;

/** Warns about messages that match nothing, with a limited number of warnings. */
export class Strays {
  readonly #warn: Warn;
  readonly #limit = new WarningLimit(EACH);

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  add(why: string, text: string): void {
    const howMany = this.#limit.next("such messages");
    if (howMany === undefined) return;
    const message = `Ignored a server message, because ${why}${howMany}: ${quoteForeign(outline(text), MAX_QUOTED)}`;
    this.#warn(new CodexWarning("STRAY_MESSAGE", message));
  }
}

/**
 * Reduces a response to its id and the names of its members, because it can contain secrets that no
 * pattern recognises, such as the content of a file. Other values are unchanged.
 */
function outline(text: string): string {
  const message = parsed(text);
  if (!isRecord(message) || "method" in message || !("id" in message)) return text;
  const { id, ...rest } = message;
  const members = Object.keys(rest).map((name) => `, ${JSON.stringify(name)}: …`);
  return `{"id": ${JSON.stringify(id)}${members.join("")}}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
