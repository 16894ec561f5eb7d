import type { DeltaGroup } from "./format.ts";

/** A delta's line up to its text. Its values are plain, and one of them is the item's id. */
const HEAD =
  /^\{"method":"item\/[a-zA-Z/]+","params":\{(?:"[a-zA-Z]+":(?:"[^"\\\p{Cc}]+"|\d+),)*"itemId":"([^"\\\p{Cc}]+)",(?:"[a-zA-Z]+":(?:"[^"\\\p{Cc}]+"|\d+),)*"delta":"/u;
const TURN = /"turnId":"([^"\\]+)"/;
/** What may follow the text. */
const TAIL = /"((?:,"[a-zA-Z]+":\d+)*)\}(?:,"emittedAtMs":([1-9]\d{12}))?\}$/;
const TAIL_CHARS = 120;
/** The usual tail, whose length is known. */
const TIMED = '"},"emittedAtMs":';
const TIMED_LENGTH: number = TIMED.length + 14;
const NOT_PLAIN = /["\\\p{Cc}]/u;
const MICROSECOND = 1e-3;

/** Text is written up to a line's end, otherwise up to a word's end, otherwise up to anywhere. */
const LINES = 4 * 2 ** 10;
const WORDS = 32 * 2 ** 10;
const ANYWHERE = 128 * 2 ** 10;

/**
 * The deltas of one part of one item that weren't written yet. They are joined, so that a secret
 * that is split between deltas is found.
 */
export class DeltaRun {
  readonly itemId: string;
  readonly #turnId: string | undefined;
  readonly #head: string;
  /** The members after the text. */
  #extra = "";
  #text = "";
  #groups: DeltaGroup[] = [];
  #last: DeltaGroup | undefined;
  #lastAt = 0;
  #emitted = "";
  #emittedAtMs: number | null = null;

  private constructor(head: string, itemId: string) {
    this.#head = head;
    this.itemId = itemId;
    this.#turnId = TURN.exec(head)?.[1];
  }

  /** A run for this line and those like it; undefined if it isn't a delta's. */
  static of(line: string): DeltaRun | undefined {
    const found = HEAD.exec(line);
    return found?.[1] === undefined ? undefined : new DeltaRun(found[0], found[1]);
  }

  get head(): string {
    return this.#head;
  }

  /** Whether the line differs from those of this run only in its text and what follows. */
  begins(line: string): boolean {
    return line.slice(0, this.#head.length) === this.#head;
  }

  /** Adds a line that this run begins; false: it is no delta. `write` receives what became complete. */
  add(line: string, at: number, write: Write): boolean {
    const start = this.#head.length;
    const tail = line.length - TIMED_LENGTH;
    if (tail >= start && line.slice(tail, tail + TIMED.length) === TIMED) {
      const time = line.slice(tail + TIMED.length, -1);
      return this.#addText(line, start, tail, "", time, at, write);
    }
    const end = Math.max(start, line.length - TAIL_CHARS);
    const found = TAIL.exec(line.slice(end));
    if (!found) return false;
    const [, extra = "", time = ""] = found;
    return this.#addText(line, start, end + found.index, extra, time, at, write);
  }

  #addText(
    line: string,
    start: number,
    end: number,
    extra: string,
    time: string,
    at: number,
    write: Write,
  ): boolean {
    const text = readText(line, start, end);
    if (text === undefined) return false;
    if (time !== this.#emitted) {
      if (time !== "" && !/^[1-9]\d{12}$/.test(time)) return false;
      this.#emitted = time;
      this.#emittedAtMs = time === "" ? null : Number(time);
      this.#last = undefined;
    }
    if (extra !== this.#extra) {
      this.close(write);
      this.#extra = extra;
    } else if (this.#text.length > LINES && this.#endsBefore(text)) {
      this.close(write);
    }
    this.#text += text;
    const isNext = this.#last !== undefined && at - this.#lastAt < 1.5 * MICROSECOND;
    this.#lastAt = at;
    if (isNext) {
      this.#last?.push(text.length);
    } else {
      this.#last = [at, this.#emittedAtMs, text.length];
      this.#groups.push(this.#last);
    }
    return true;
  }

  /** Whether nothing before this text and in it is likely to be one secret. */
  #endsBefore(text: string): boolean {
    const { length } = this.#text;
    if (length > ANYWHERE) return true;
    const around = (this.#text.at(-1) ?? "") + (text[0] ?? "");
    const isEnd = around.includes("\n") || (length > WORDS && /\s/.test(around));
    return isEnd && !isInPrivateKey(this.#text);
  }

  /** Whether this message says how the item, or its turn, has ended or changed. */
  isMentionedBy(message: string): boolean {
    if (message.includes(this.itemId)) return true;
    return message.includes('"turn/completed"') && message.includes(this.#turnId ?? "");
  }

  /** Writes what there is. */
  close(write: Write): void {
    const groups = this.#groups;
    const [first] = groups;
    if (!first) return;
    const text = this.#text;
    this.#text = "";
    this.#groups = [];
    this.#last = undefined;
    write({ text, groups, wrap: (masked) => this.#line(masked, first[1]) });
  }

  /** The message that one delta with this text would be. */
  #line(text: string, emittedAtMs: number | null): string {
    const time = emittedAtMs === null ? "" : `,"emittedAtMs":${emittedAtMs}`;
    return `${this.#head}${JSON.stringify(text).slice(1)}${this.#extra}}${time}}`;
  }
}

/** Deltas to be written. */
export interface CompleteDeltas {
  readonly text: string;
  readonly groups: readonly DeltaGroup[];
  /** The message that one delta with a text would be. */
  readonly wrap: (text: string) => string;
}

export type Write = (deltas: CompleteDeltas) => void;

/** What the JSON string between two places of a line says; undefined when it is none. */
function readText(line: string, start: number, end: number): string | undefined {
  const text = line.slice(start, end);
  if (!NOT_PLAIN.test(text)) return text;
  try {
    return JSON.parse(line.slice(start - 1, end + 1)) as string;
  } catch {
    return undefined;
  }
}

function isInPrivateKey(text: string): boolean {
  const begin = text.lastIndexOf("-----BEGIN ");
  return begin !== -1 && text.indexOf("-----END ", begin) === -1;
}
