import { quoteForeign } from "../text/secrets.ts";

const MAX_PIECES = 5;
const MAX_PIECE_CHARS = 200;

/** Server output that isn't a message, such as a shell's banner or escape sequences. */
export class Noise {
  readonly #pieces: string[] = [];

  /** Ignores blank text. */
  add(text: string): void {
    if (text.trim() === "" || this.#pieces.length === MAX_PIECES) return;
    this.#pieces.push(quoteForeign(text, MAX_PIECE_CHARS));
  }

  /** The beginning of this output, quoted and escaped; undefined if there was none. */
  quote(): string | undefined {
    if (this.#pieces.length === 0) return undefined;
    return this.#pieces.map((piece) => `"${piece}"`).join(", ");
  }
}

export function isMessage(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
