import { MASK } from "../text/secret-values.ts";
import type { Direction } from "../trace/format.ts";
import { isRecord } from "../util/describe.ts";

const ASKS_FOR_SECRET = /"isSecret"\s*:\s*true/;
/** More than anyone can be asked at a time. */
const MAX_ASKED = 1_000;

/**
 * Keeps answers to questions that ask for a secret out of the log: nothing in the answers
 * themselves shows that they are secret.
 */
export class SecretAnswers {
  readonly #asked = new Set<unknown>();

  /** The text of a message as it may be logged. */
  hiddenIn(direction: Direction, text: string): string {
    if (direction === "receive") {
      if (ASKS_FOR_SECRET.test(text)) this.#note(parsed(text));
      return text;
    }
    if (this.#asked.size === 0) return text;
    const message = parsed(text);
    if (!isRecord(message) || "method" in message || !this.#asked.delete(message.id)) return text;
    return JSON.stringify({ ...message, result: MASK });
  }

  #note(message: unknown): void {
    if (!isRecord(message) || !("id" in message) || !("method" in message)) return;
    this.#asked.add(message.id);
    for (const oldest of this.#asked) {
      if (this.#asked.size <= MAX_ASKED) break;
      this.#asked.delete(oldest);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
