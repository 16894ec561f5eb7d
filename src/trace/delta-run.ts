import { NOT_PLAIN, PLAIN_CHARACTERS } from "../text/plain.ts";

/**
 * The line of a delta up to its text. Its values contain no escapes, and one of them is the item's
 * id. The pattern allows only a few members around the id: with thousands, it would take quadratic time.
 */
const MEMBERS = `(?:"[a-zA-Z]+":(?:"[${PLAIN_CHARACTERS}]+"|\\d+),){0,8}`;
const HEAD = new RegExp(
  `^\\{"method":"item/[a-zA-Z/]+","params":\\{${MEMBERS}"itemId":"([${PLAIN_CHARACTERS}]+)",${MEMBERS}"delta":"`,
);
const TURN = /"turnId":"([^"\\]+)"/;
/** The possible ends of the line after the text. */
const TAIL = /"((?:,"[a-zA-Z]+":\d+)*)\}(?:,"emittedAtMs":([1-9]\d{12}))?\}$/;
const TAIL_CHARS = 120;
/** The usual end, whose length is known. */
const TIMED = '"},"emittedAtMs":';
const TIMED_LENGTH: number = TIMED.length + 14;
/** Text that is a secret only if it follows the name of one. */
const ANY_VALUE = "a1B2c3D4e5F6";

const NEWLINE = 0x0a;

/**
 * Text that is longer than the first limit is written if the next delta starts a new line; beyond the second, if
 * no secret is found around the cut; beyond the third, in any case.
 */
const LINES = 16 * 2 ** 10;
const SEAMS = 32 * 2 ** 10;
const ANYWHERE = 128 * 2 ** 10;
/**
 * Joining deltas of at least the first length is slow, so they are written sooner: as soon as the
 * text is longer than the second.
 */
const LONG = 2 ** 10;
const LONG_LINES = 4 * 2 ** 10;
/** The length of text that is searched on each side of a cut. */
const SEAM = 4 * 2 ** 10;
/**
 * Text up to these lengths is searched as a whole, together with the start of the next delta: the first
 * limit applies before a short delta, the second before a long one. If the search finds a secret, it
 * is repeated for each delta; long deltas are fewer, so their limit is higher.
 */
const WHOLE = 24 * 2 ** 10;
const LONG_WHOLE = 48 * 2 ** 10;

/**
 * The unwritten deltas of one part of an item. They are joined, so that a secret that is split
 * between deltas is found.
 */
export class DeltaRun {
  readonly itemId: string;
  readonly #turnId: string | undefined;
  readonly #head: string;
  readonly #isHarmless: IsHarmless;
  /** The members after the text. */
  #extra = "";
  #texts: string[] = [];
  /** The total length of the texts. */
  #chars = 0;
  /** The texts as the contents of JSON strings; undefined if they aren't known. */
  #jsons: string[] | undefined = [];
  /** Whether the JSON strings are identical to the texts. */
  #arePlain = true;
  /** All written text as the content of a JSON string; undefined if it contained a secret. */
  #plain: string | undefined = "";
  #groups: JoinedGroup[] = [];
  /** The last group. */
  #group: JoinedGroup | undefined;
  /** The expected time of the next delta in the last group. */
  #nextAt = -1;
  #emitted = "";
  #emittedAtMs: number | null = null;

  /** `isHarmless`: whether text contains nothing to mask. */
  private constructor(head: string, itemId: string, isHarmless: IsHarmless) {
    this.#isHarmless = isHarmless;
    this.#head = head;
    this.itemId = itemId;
    this.#turnId = TURN.exec(head)?.[1];
  }

  /**
   * A run for this line (or start of a line) and similar ones; undefined if the line isn't a delta.
   */
  static of(line: string, isHarmless: IsHarmless): DeltaRun | undefined {
    const found = HEAD.exec(line);
    return found?.[1] === undefined ? undefined : new DeltaRun(found[0], found[1], isHarmless);
  }

  get head(): string {
    return this.#head;
  }

  /** All text that was written, as a JSON string, if nothing in it was masked. */
  get plain(): string | undefined {
    return this.#plain === undefined ? undefined : `"${this.#plain}"`;
  }

  /** Frees the memory of the text that was written. */
  forgetPlain(): void {
    this.#plain = undefined;
  }

  /**
   * Whether the line differs from the other lines of this run only in its text and the members
   * after it.
   */
  begins(line: string): boolean {
    return line.slice(0, this.#head.length) === this.#head;
  }

  /**
   * Adds a line of this run; returns false if it isn't a delta. `at` is in microseconds; `write`
   * receives the completed deltas.
   */
  add(line: string, at: number, write: Write): boolean {
    const start = this.#head.length;
    const tail = line.length - TIMED_LENGTH;
    if (tail >= start && line.slice(tail, tail + TIMED.length) === TIMED) {
      const time = line.slice(tail + TIMED.length, -1);
      const text = readText(line, start, tail);
      return text !== undefined && this.addText({ text, ...oneLength(text), time, at }, write);
    }
    const end = Math.max(start, line.length - TAIL_CHARS);
    const found = TAIL.exec(line.slice(end));
    if (!found) return false;
    const [, extra = "", time = ""] = found;
    const text = readText(line, start, end + found.index);
    return text !== undefined && this.addText({ text, ...oneLength(text), time, at, extra }, write);
  }

  /** Adds the text of deltas. Returns false if their time isn't valid. */
  addText(
    { text, lengths, count, time, at, extra = "", json }: JoinedTexts,
    write: Write,
  ): boolean {
    if (time !== this.#emitted) {
      if (time !== "" && !/^[1-9]\d{12}$/.test(time)) return false;
      this.#emitted = time;
      this.#emittedAtMs = time === "" ? null : Number(time);
      this.#nextAt = -1;
    }
    if (extra !== this.#extra) {
      this.close(write);
      this.#extra = extra;
    } else if (this.#chars > (text.length < LONG ? LINES : LONG_LINES)) {
      this.#cutBefore(text, write);
    }
    if (this.#group === undefined || at !== this.#nextAt) {
      this.#group = { at: at / 1000, emittedAtMs: this.#emittedAtMs, lengths, count };
      this.#groups.push(this.#group);
    } else {
      this.#group.lengths += `,${lengths}`;
      this.#group.count += count;
    }
    this.#nextAt = at + count;
    if (json !== text) this.#arePlain = false;
    if (json === undefined) this.#jsons = undefined;
    else this.#jsons?.push(json);
    this.#texts.push(text);
    this.#chars += text.length;
    return true;
  }

  /** Writes the earlier text, if a secret is unlikely to span it and the new text. */
  #cutBefore(text: string, write: Write): void {
    if (this.#chars > ANYWHERE) {
      this.#plain = undefined;
      this.close(write);
      return;
    }
    const endsLine = this.#endsLineBefore(text);
    if (!endsLine && this.#chars <= SEAMS) return;
    const before = this.#joined();
    if (before.includes(BEGIN) && isInPrivateKey(before)) return;
    const start = text.slice(0, SEAM);
    const end = before.slice(-SEAM);
    // A secret that begins before the searched text, or ends after it, wouldn't be found.
    if (!endsLine && !(/\s/.test(end) && (/\s$/.test(end) || /\s/.test(start)))) return;
    // Nothing in the text is a secret if none is found in it and the next text together.
    const isWhole = before.length <= (text.length < LONG ? WHOLE : LONG_WHOLE);
    const isSearched = isWhole && this.#isHarmless(before + start);
    if (!isSearched && !this.#isHarmless(end + start)) return;
    // A secret in quotes can continue on the next line; only a short start can end before its value.
    const isComplete = endsLine || (start.length === SEAM && /\s/.test(start));
    if (isComplete || this.#isHarmless(end + start + ANY_VALUE)) this.close(write, isSearched);
  }

  #endsLineBefore(text: string): boolean {
    const last = this.#texts.at(-1) ?? "";
    return last.charCodeAt(last.length - 1) === NEWLINE || text.charCodeAt(0) === NEWLINE;
  }

  #joined(): string {
    const text = this.#texts.join("");
    this.#texts = [text];
    return text;
  }

  /** Whether this message reports that the item or its turn has ended or changed. */
  isMentionedBy(message: string): boolean {
    if (message.includes(`"${this.itemId}"`)) return true;
    return message.includes('"turn/completed"') && message.includes(`"${this.#turnId}"`);
  }

  /** Writes everything that is held back. `isHarmless`: whether it's known to contain no secret. */
  close(write: Write, isHarmless = false): void {
    const groups = this.#groups;
    const [first] = groups;
    if (!first) return;
    const text = this.#joined();
    const json = this.#arePlain ? text : (this.#jsons?.join("") ?? contentOf(text));
    this.#arePlain = true;
    this.#jsons = [];
    this.#texts = [];
    this.#chars = 0;
    this.#groups = [];
    this.#group = undefined;
    const wrap = (masked: string) => this.#line(masked, first.emittedAtMs);
    const isPlain = write({ text, json, groups, wrap, isHarmless });
    if (this.#plain === undefined) return;
    this.#plain = isPlain ? this.#plain + json : undefined;
  }

  /** The message, in JSON, of a single delta with this text. */
  #line(json: string, emittedAtMs: number | null): Parts {
    const time = emittedAtMs === null ? "" : `,"emittedAtMs":${emittedAtMs}`;
    return [this.#head, json, `"${this.#extra}}${time}}`];
  }
}

/** The text of deltas that arrived one microsecond apart. */
export interface JoinedTexts {
  readonly text: string;
  /** The length of each delta's text, separated by commas. */
  readonly lengths: string;
  /** How many deltas there are. */
  readonly count: number;
  /** The digits of their `emittedAtMs`; empty if they have none. */
  readonly time: string;
  /** The time of the first delta, in microseconds. */
  readonly at: number;
  /** The members after the text of each delta. */
  readonly extra?: string;
  /** The text as the content of a JSON string, if that is known. */
  readonly json?: string | undefined;
}

/** Text in parts. */
export type Parts = readonly [start: string, middle: string, end: string];

/** A `DeltaGroup` with its lengths as in `JoinedTexts`. */
export interface JoinedGroup {
  readonly at: number;
  readonly emittedAtMs: number | null;
  lengths: string;
  count: number;
}

/** Deltas to be written. */
export interface CompleteDeltas {
  readonly text: string;
  /** The text as the content of a JSON string. */
  readonly json: string;
  readonly groups: readonly JoinedGroup[];
  /** The message, in JSON, of a single delta with text that is given as the content of a JSON string. */
  readonly wrap: (json: string) => Parts;
  /** Whether the text is known to contain no secret. */
  readonly isHarmless: boolean;
}

export type IsHarmless = (text: string) => boolean;

/** Returns whether nothing in the text is a secret. */
export type Write = (deltas: CompleteDeltas) => boolean;

/** The length of a single delta. */
export function oneLength({ length }: string): Pick<JoinedTexts, "lengths" | "count"> {
  return { lengths: String(length), count: 1 };
}

/** Text as the content of a JSON string. */
export function contentOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The value of the JSON string between two positions of a line; undefined if it isn't a string. */
function readText(line: string, start: number, end: number): string | undefined {
  const text = line.slice(start, end);
  if (!NOT_PLAIN.test(text)) return text;
  try {
    return JSON.parse(line.slice(start - 1, end + 1)) as string;
  } catch {
    return undefined;
  }
}

/** A part of what `isInPrivateKey` searches for; finding it takes a fraction of the time. */
const BEGIN = "BEGIN ";

function isInPrivateKey(text: string): boolean {
  const begin = text.lastIndexOf("-----BEGIN ");
  return begin !== -1 && text.indexOf("-----END ", begin) === -1;
}
