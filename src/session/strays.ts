import { CodexWarning, type Warn } from "../errors/warning.ts";

/** So many messages are warned of one by one. */
const TOLD_EACH = 8;
const MAX_QUOTED = 200;

/**
 * Warns of messages that fit nowhere. A peer that sends nothing else must not drown the user: after
 * the first few, a warning comes only when their number has doubled.
 */
export class Strays {
  readonly #warn: Warn;
  #count = 0;

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  add(why: string, text: string): void {
    const count = ++this.#count;
    const isDoubled = Number.isInteger(Math.log2(count));
    if (count > TOLD_EACH && !isDoubled) return;
    const shown = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
    const howMany = count > TOLD_EACH ? ` (${count} such messages so far)` : "";
    const message = `A message of the server was passed over, as ${why}${howMany}: ${shown}`;
    this.#warn(new CodexWarning("STRAY_MESSAGE", message));
  }
}
