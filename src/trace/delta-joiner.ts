const ZERO = 0x30;
const COMMA = 0x2c;
const LAST_LATIN_1 = 0xff;
/** The maximum number of characters of a length with its comma. */
const MOST_DIGITS = 4;

/** A short delta. */
export interface ShortDelta {
  readonly text: string;
  /** Whether the text contains no escapes in JSON. */
  readonly isPlain: boolean;
}

export interface JoinedDeltas {
  readonly text: string;
  /** The length of each delta's text, separated by commas. */
  readonly lengths: string;
  readonly isPlain: boolean;
}

/**
 * Joins the texts of deltas. Copies their characters to buffers, which takes half the time of
 * `join` and of converting the lengths to JSON.
 */
export class DeltaJoiner {
  readonly #digits: Buffer;
  readonly #narrow: Buffer;
  readonly #wide: Uint16Array;

  /** The maximum number of deltas, and of characters in each. */
  constructor(mostDeltas: number, mostChars: number) {
    this.#digits = Buffer.alloc(mostDeltas * MOST_DIGITS);
    this.#narrow = Buffer.alloc(mostDeltas * mostChars);
    this.#wide = new Uint16Array(mostDeltas * mostChars);
  }

  join(deltas: readonly ShortDelta[]): JoinedDeltas {
    const narrow = this.#narrow;
    const digits = this.#digits;
    let [chars, bytes, seen] = [0, 0, 0];
    let arePlain = true;
    for (const { text, isPlain } of deltas) {
      const { length } = text;
      for (let at = 0; at < length; at++) {
        const code = text.charCodeAt(at);
        narrow[chars++] = code;
        seen |= code;
      }
      if (length < 10) digits[bytes++] = ZERO + length;
      else bytes += digits.write(String(length), bytes, "latin1");
      digits[bytes++] = COMMA;
      if (!isPlain) arePlain = false;
    }
    return {
      text: seen <= LAST_LATIN_1 ? narrow.toString("latin1", 0, chars) : this.#wideText(deltas),
      lengths: digits.toString("latin1", 0, bytes - 1),
      isPlain: arePlain,
    };
  }

  /** The joined texts, if a character doesn't fit into a byte. */
  #wideText(deltas: readonly ShortDelta[]): string {
    const wide = this.#wide;
    let chars = 0;
    for (const { text } of deltas) {
      for (let at = 0; at < text.length; at++) wide[chars++] = text.charCodeAt(at);
    }
    return Buffer.from(wide.buffer, 0, 2 * chars).toString("utf16le");
  }
}
