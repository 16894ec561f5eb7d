import { randomBytes } from "node:crypto";
import { patchOf } from "../bridge/patch.ts";
import { eventText } from "../bridge/sse.ts";
import { jsonOf } from "./json-of.ts";

/** A part of an event stream, and the number of the last event in it. */
export interface LogChunk {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An encoded state is reused until the events after it exceed the larger of its size and this number of bytes. */
const SMALL_BYTES = 64 * 1024;

const encoder = new TextEncoder();

/**
 * The changes of one state as events, for any number of readers; each is encoded once. The newest events
 * are kept within a limit; a reader that needs an older one receives the whole state.
 */
export class EventLog<State extends object> {
  readonly id: string = randomBytes(9).toString("base64url");
  readonly #maxBytes: number;
  readonly #waiting = new Set<() => void>();
  /** The events by number, without gaps. */
  readonly #events = new Map<number, Uint8Array<ArrayBuffer>>();
  #bytes = 0;
  #last = 0;
  #state: State;
  #encoded: LogChunk | undefined;
  #isClosed = false;

  constructor(state: State, maxBytes: number) {
    this.#state = state;
    this.#maxBytes = maxBytes;
  }

  get state(): State {
    return this.#state;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Replaces the state; readers receive what has changed. */
  publish(state: State): void {
    const patch = patchOf(this.#state, state);
    this.#state = state;
    if (patch === undefined) return;
    const number = ++this.#last;
    this.#keep(number, this.#encode(number, { patch }));
    this.#wake();
  }

  /** The number in an event id of this log; undefined for ids of other logs, and for numbers that it hasn't assigned. */
  numberOf(eventId: string | null): number | undefined {
    const [, log, digits] = /^(.+)\.(\d{1,15})$/.exec(eventId ?? "") ?? [];
    const number = Number(digits);
    return log === this.id && number <= this.#last ? number : undefined;
  }

  /** The next part for a reader that has everything up to this event, or nothing; undefined if it is up to date. */
  after(number: number | undefined): LogChunk | undefined {
    if (number === this.#last) return undefined;
    const bytes = number === undefined ? undefined : this.#events.get(number + 1);
    if (number === undefined || bytes === undefined) return this.#whole();
    return { number: number + 1, bytes };
  }

  /** Calls `wake` once, at the next change. Returns a function that cancels it. */
  onChange(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => void this.#waiting.delete(wake);
  }

  /** Ends the log and its readers. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** The whole state. Readers that connect at about the same time share one encoded state, and the events after it. */
  #whole(): LogChunk {
    const known = this.#encoded;
    if (known && this.#isRecent(known)) return known;
    this.#encoded = {
      number: this.#last,
      bytes: this.#encode(this.#last, { state: this.#state }),
    };
    return this.#encoded;
  }

  #isRecent({ number, bytes }: LogChunk): boolean {
    let rest = Math.max(bytes.byteLength, SMALL_BYTES);
    for (let next = number + 1; next <= this.#last; next++) {
      const event = this.#events.get(next);
      if (event === undefined) return false;
      rest -= event.byteLength;
      if (rest < 0) return false;
    }
    return true;
  }

  #encode(number: number, message: object): Uint8Array<ArrayBuffer> {
    const id = `${this.id}.${number}`;
    return encoder.encode(eventText({ id, data: jsonOf(message) }));
  }

  #keep(number: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.#events.set(number, bytes);
    this.#bytes += bytes.byteLength;
    for (const [oldest, event] of this.#events) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#events.delete(oldest);
      this.#bytes -= event.byteLength;
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
