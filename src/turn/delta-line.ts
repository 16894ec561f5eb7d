import { NOT_PLAIN, PLAIN_CHARACTERS } from "../text/plain.ts";
import { type DeltaNotification, type DeltaPart, detached, isDeltaMethod } from "./deltas.ts";

/** A delta as a line of text. Its notification is created only if something needs it. */
export class DeltaLine {
  readonly #form: DeltaForm;
  readonly text: string;
  /** The digits of the time at which the server sent it; empty if it isn't known. */
  readonly time: string;
  /** Whether the text contains no escapes in JSON. */
  readonly isPlain: boolean;
  readonly #line: string;

  constructor(form: DeltaForm, text: string, line: string, time: string) {
    this.#form = form;
    this.text = text;
    this.time = time;
    // An escape is longer than what it stands for.
    this.isPlain = text.length === line.length - form.head.length - endLength(time);
    this.#line = line;
  }

  get part(): DeltaTarget {
    return this.#form.part;
  }

  /** The line up to its text. */
  get head(): string {
    return this.#form.head;
  }

  /** The text as the content of a JSON string; `text` itself if nothing in it is escaped. */
  get json(): string {
    if (this.isPlain) return this.text;
    return this.#line.slice(this.head.length, this.#line.length - endLength(this.time));
  }

  /** The line as it arrived. */
  get raw(): string {
    return this.#line;
  }

  /** The notification that parsing the line would return, optionally with another text. */
  notification(text: string = this.text): DeltaNotification {
    const { method } = this.part;
    const { threadId, turnId, itemId } = this.part.params;
    const params = { threadId, turnId, itemId, delta: text };
    if (this.time === "") return { method, params };
    const emittedAtMs = Number(this.time);
    return { method, params, emittedAtMs } as DeltaNotification;
  }
}

export interface DeltaTarget extends DeltaPart {
  readonly params: { readonly threadId: string; readonly turnId: string; readonly itemId: string };
}

/** Takes the lines of one turn's deltas; returns false if it needs their notifications. */
export interface LineTarget {
  acceptLine(line: DeltaLine): boolean;
}

const THREAD = '"threadId":"';
const ID = `"[${PLAIN_CHARACTERS}]+"`;
const HEAD = new RegExp(
  `^\\{"method":"item/[a-zA-Z/]+","params":\\{"threadId":${ID},"turnId":${ID},"itemId":${ID},"delta":"`,
);
/** How lines with a time end. Milliseconds have thirteen digits until the year 2286. */
const TIMED_END = /^"\},"emittedAtMs":[1-9]\d{12}\}$/;
const TIMED_END_LENGTH = 31;
const TIME_LENGTH = 13;
/** How lines from older servers end. */
const UNTIMED_END = '"}}';

/**
 * The form of the lines of one item's deltas. Reads a line by its start and end, at a fraction of
 * the cost of parsing. Accepts only lines of exactly the form that servers write; all others need
 * `JSON.parse`.
 */
export class DeltaForm {
  readonly part: DeltaTarget;
  /** A line up to its text. */
  readonly head: string;
  /** The position of the thread's id in each line. */
  readonly threadAt: number;
  /**
   * Set by the router of the lines: the destination of the last line of this form, and the routes
   * at that time.
   */
  target: LineTarget | undefined;
  routes = 0;
  /** The end of the last line with a time, and that time: many deltas are sent in one millisecond. */
  #timedEnd = "";
  #time = "";

  constructor(head: string, part: DeltaTarget) {
    this.head = head;
    this.part = part;
    this.threadAt = head.indexOf(THREAD) + THREAD.length;
  }

  /** The form of this line and similar ones. */
  static of(line: string): DeltaForm | undefined {
    const head = HEAD.exec(line)?.[0];
    if (head === undefined) return undefined;
    const { method, params } = JSON.parse(`${head}"}}`) as {
      method: string;
      params: DeltaTarget["params"];
    };
    if (!isDeltaMethod(method)) return undefined;
    const { threadId, turnId, itemId } = params;
    return new DeltaForm(detached(head), { method, params: { threadId, turnId, itemId } });
  }

  get threadId(): string {
    return this.part.params.threadId;
  }

  /** Whether the line has this form, not counting its text and what follows. */
  begins(line: string): boolean {
    // Cutting and comparing takes a tenth of the time of `startsWith`.
    return line.slice(0, this.head.length) === this.head;
  }

  /** Reads a line with this form. */
  read(line: string): DeltaLine | undefined {
    const time = this.#timeOf(line);
    if (time === undefined) return undefined;
    const start = this.head.length;
    const end = line.length - endLength(time);
    const text = end < start ? undefined : readText(line, start, end);
    if (text === undefined) return undefined;
    return new DeltaLine(this, text, line, time);
  }

  /** The line's time: empty if it has none, undefined if the line doesn't end like a delta. */
  #timeOf(line: string): string | undefined {
    const end = line.slice(-TIMED_END_LENGTH);
    if (end === this.#timedEnd) return this.#time;
    if (!TIMED_END.test(end)) return line.endsWith(UNTIMED_END) ? "" : undefined;
    this.#timedEnd = detached(end);
    this.#time = this.#timedEnd.slice(-1 - TIME_LENGTH, -1);
    return this.#time;
  }
}

/** The number of characters after the text of a line with this time. */
function endLength(time: string): number {
  return time === "" ? UNTIMED_END.length : TIMED_END_LENGTH;
}

/** The value of the JSON string between two positions of a line; undefined if it isn't a string. */
function readText(line: string, start: number, end: number): string | undefined {
  const text = line.slice(start, end);
  if (!NOT_PLAIN.test(text)) return detached(text);
  try {
    return JSON.parse(line.slice(start - 1, end + 1)) as string;
  } catch {
    return undefined;
  }
}
