const MAX_PIECES = 5;
const MAX_PIECE_CHARS = 200;

/** What a server wrote among its messages that is no message: a shell's banner, escape sequences. */
export class Noise {
  readonly #pieces: string[] = [];

  /** Blank text is no noise. */
  add(text: string): void {
    if (text.trim() === "" || this.#pieces.length === MAX_PIECES) return;
    this.#pieces.push(text.slice(0, MAX_PIECE_CHARS));
  }

  /** Its beginning, quoted and escaped, or undefined when there was none. */
  quote(): string | undefined {
    if (this.#pieces.length === 0) return undefined;
    return this.#pieces.map(escaped).join(", ");
  }
}

/** As a JSON string in which everything invisible is escaped. */
function escaped(text: string): string {
  return JSON.stringify(text).replace(
    /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

export function isMessage(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
