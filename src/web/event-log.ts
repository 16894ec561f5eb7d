import { randomBytes } from "node:crypto";
import { patchOf } from "../bridge/patch.ts";
import { LogEvent } from "./log-event.ts";

/** An encoded state is reused until the events after it exceed the larger of its size and this number of bytes. */
const SMALL_BYTES = 64 * 1024;

/**
 * The changes of one state as events, for any number of readers; each is encoded once. The newest events
 * are kept within a limit; a reader that needs an older one receives the whole state.
 */
export class EventLog<State extends object> {
  readonly id: string = randomBytes(9).toString("base64url");
  readonly #maxBytes: number;
  readonly #isShared: boolean;
  readonly #waiting = new Set<() => void>();
  /** The events by number, without gaps. */
  readonly #events = new Map<number, LogEvent>();
  #bytes = 0;
  #last = 0;
  #state: State;
  #whole: LogEvent | undefined;
  #isClosed = false;

  /** `isShared`: whether the log can have several readers. */
  constructor(
    state: State,
    maxBytes: number,
    { isShared = true }: { readonly isShared?: boolean } = {},
  ) {
    this.#state = state;
    this.#maxBytes = maxBytes;
    this.#isShared = isShared;
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
    this.#last++;
    this.#keep(this.#event({ patch }));
    this.#wake();
  }

  /** The number in an event id of this log; undefined for ids of other logs, and for numbers that it hasn't assigned. */
  numberOf(eventId: string | null): number | undefined {
    const [, log, digits] = /^(.+)\.(\d{1,15})$/.exec(eventId ?? "") ?? [];
    const number = Number(digits);
    return log === this.id && number <= this.#last ? number : undefined;
  }

  /** The next event for a reader that has everything up to this event, or nothing; undefined if it is up to date. */
  after(number: number | undefined): LogEvent | undefined {
    if (number === this.#last) return undefined;
    const next = number === undefined ? undefined : this.#events.get(number + 1);
    return next ?? this.#wholeState();
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
  #wholeState(): LogEvent {
    const known = this.#whole;
    if (known && this.#isRecent(known)) return known;
    known?.release();
    const whole = this.#event({ state: this.#state });
    if (this.#isShared) this.#whole = whole;
    else if (whole.size > SMALL_BYTES) whole.release();
    return whole;
  }

  #isRecent({ number, size }: LogEvent): boolean {
    let rest = Math.max(size, SMALL_BYTES);
    for (let next = number + 1; next <= this.#last; next++) {
      const event = this.#events.get(next);
      if (event === undefined) return false;
      rest -= event.size;
      if (rest < 0) return false;
    }
    return true;
  }

  #event(message: object): LogEvent {
    return new LogEvent(this.#last, `${this.id}.${this.#last}`, message);
  }

  #keep(event: LogEvent): void {
    this.#events.set(event.number, event);
    this.#bytes += event.size;
    for (const [number, oldest] of this.#events) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#events.delete(number);
      this.#bytes -= oldest.size;
      oldest.release();
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
