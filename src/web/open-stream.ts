import { HEARTBEAT } from "../bridge/sse.ts";
import { onAbort } from "../util/abort.ts";
import { deferred } from "../util/deferred.ts";
import type { LogEvent } from "./log-event.ts";

/** The source of an event stream. */
export interface EventSourceLog {
  /** The next event for a reader that has everything up to this event, or nothing; undefined if it is up to date. */
  after(number: number | undefined): LogEvent | undefined;
  /** Calls `wake` once, at the next change. Returns a function that cancels it. */
  onChange(wake: () => void): () => void;
  readonly isClosed: boolean;
}

export interface EventStreamOptions {
  readonly log: EventSourceLog;
  /** The last event that the reader has; undefined if it has none. */
  readonly after: number | undefined;
  readonly signal: AbortSignal;
  /** Called when the stream has ended for any reason. */
  readonly onEnd: () => void;
}

/** How long a reader can leave data unread before it is disconnected. */
const STALLED_MS = 60_000;
/** How long a reader can take for one event. Until then, the state that the event describes stays in memory. */
const SLOW_MS = 10 * 60_000;

const encoder = new TextEncoder();
/** Makes proxies forward the response's headers, even if no event follows for a while. */
const OPENING = encoder.encode(HEARTBEAT);
const BEAT = encoder.encode(HEARTBEAT);

/**
 * A reader of a log. It buffers one piece of one event: the next one is taken only when the reader has read the
 * previous one, so a slow reader costs hardly any memory.
 */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: EventStreamOptions;
  readonly #stops: (() => void)[] = [];
  #number: number | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Resolves the pending read; undefined while the reader has something to read. */
  #resume: (() => void) | undefined;
  /** The rest of the event that is being sent. */
  #pieces: Iterator<Uint8Array> | undefined;
  #isOver = false;
  #beats = false;
  #startedAt = Date.now();
  #sentAt = Date.now();

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#number = options.after;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
          controller.enqueue(OPENING);
        },
        pull: () => this.#pull(),
        cancel: () => this.#end(),
      },
      { highWaterMark: 1, size: () => 1 },
    );
    this.#stops.push(onAbort(options.signal, () => this.close()));
  }

  /** Sends a keep-alive comment, and drops a reader that doesn't read. */
  beat(now: number): void {
    if (this.#resume) {
      this.#beats = true;
      this.#resume();
    } else if (
      now - this.#sentAt > STALLED_MS ||
      (this.#pieces && now - this.#startedAt > SLOW_MS)
    ) {
      this.#drop();
    }
  }

  /** Ends the stream; its reader can reconnect. */
  close(): void {
    if (this.#isOver) return;
    this.#end();
    try {
      this.#controller?.close();
    } catch {
      // The reader has left.
    }
  }

  /** Ends the stream, and discards what its reader hasn't read. */
  #drop(): void {
    this.#end();
    this.#controller?.error(new Error("The reader of an event stream has stopped reading"));
  }

  async #pull(): Promise<void> {
    while (!this.#isOver) {
      const { log } = this.#options;
      const bytes = this.#piece();
      if (bytes) return this.#send(bytes);
      if (log.isClosed) return this.close();
      const event = log.after(this.#number);
      if (event) {
        this.#number = event.number;
        this.#pieces = event.pieces();
        this.#startedAt = Date.now();
      } else if (this.#beats) return this.#send(BEAT);
      else await this.#next(log);
    }
  }

  #piece(): Uint8Array | undefined {
    const piece = this.#pieces?.next();
    if (piece?.done === false) return piece.value;
    this.#pieces = undefined;
    return undefined;
  }

  #send(bytes: Uint8Array): void {
    this.#beats = false;
    this.#sentAt = Date.now();
    this.#controller?.enqueue(bytes);
  }

  async #next(log: EventSourceLog): Promise<void> {
    const { promise, resolve } = deferred<void>();
    this.#resume = resolve;
    const stop = log.onChange(resolve);
    await promise;
    stop();
    this.#resume = undefined;
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pieces = undefined;
    this.#resume?.();
    for (const stop of this.#stops) stop();
    this.#options.onEnd();
  }
}
