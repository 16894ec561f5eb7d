import type { StreamMessage } from "../bridge/messages.ts";
import { patched } from "../bridge/patch.ts";
import type { Route } from "../bridge/routes.ts";
import { EventParser } from "../bridge/sse.ts";
import type { Connection } from "./connection.ts";
import { HandlerError } from "./handler-error.ts";

/**
 * "connecting": not connected yet, or reconnecting. "open": events arrive. "closed": ended permanently, by
 * `close()` or because of `error`.
 */
export type StreamStatus = "connecting" | "open" | "closed";

const SHORTEST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** A stream that is silent for this long is opened again: the handler sends something every 5 seconds. */
const SILENCE_MS = 40_000;

/** A copy of a state in the handler, kept up to date by an event stream across lost connections. */
export class LiveState<State> {
  readonly #connection: Connection;
  readonly #route: Route;
  readonly #onChange: () => void;
  readonly #over = new AbortController();
  #state: State | undefined;
  #status: StreamStatus = "connecting";
  #error: HandlerError | undefined;
  #lastEventId: string | undefined;
  #delay = 0;

  constructor(connection: Connection, route: Route, onChange: () => void) {
    this.#connection = connection;
    this.#route = route;
    this.#onChange = onChange;
    void this.#run();
  }

  /** Undefined until the first event. */
  get state(): State | undefined {
    return this.#state;
  }

  get status(): StreamStatus {
    return this.#status;
  }

  /** Why the stream is closed, or why the last attempt to connect failed. */
  get error(): HandlerError | undefined {
    return this.#error;
  }

  close(): void {
    this.#over.abort();
    this.#set("closed", undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      try {
        await this.#read();
        if (!signal.aborted) this.#set("connecting", undefined);
      } catch (error) {
        if (signal.aborted) return;
        const problem = asHandlerError(error);
        if (isFinal(problem)) {
          this.#over.abort();
          this.#set("closed", problem);
          return;
        }
        this.#set("connecting", problem);
        await this.#pause(problem.retryAfterMs);
        continue;
      }
      await this.#pause(undefined);
    }
  }

  /** Reads one response to its end. */
  async #read(): Promise<void> {
    const reading = new AbortController();
    const stop = () => reading.abort();
    this.#over.signal.addEventListener("abort", stop);
    let silence = setTimeout(stop, SILENCE_MS);
    try {
      const headers = this.#lastEventId ? { "last-event-id": this.#lastEventId } : {};
      const { signal } = reading;
      const response = await this.#connection.send(this.#route, { headers, signal });
      const reader = response.body?.getReader();
      if (!reader) throw new HandlerError(0, "BAD_RESPONSE", "The event stream has no body");
      const [decoder, parser] = [new TextDecoder(), new EventParser()];
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(stop, SILENCE_MS);
        if (this.#status !== "open") this.#set("open", undefined);
        this.#take(parser.push(decoder.decode(value, { stream: true })));
      }
    } finally {
      clearTimeout(silence);
      this.#over.signal.removeEventListener("abort", stop);
      stop();
    }
  }

  #take(events: readonly { readonly id: string; readonly data: string }[]): void {
    if (this.#over.signal.aborted || events.length === 0) return;
    this.#delay = 0;
    try {
      for (const { id, data } of events) {
        const message = JSON.parse(data) as StreamMessage<State>;
        if ("state" in message) this.#state = message.state;
        else this.#state = patched(this.#state, message.patch) as State;
        this.#lastEventId = id;
      }
    } catch (error) {
      // The next connection starts with the whole state.
      this.#lastEventId = undefined;
      throw error;
    }
    this.#onChange();
  }

  #set(status: StreamStatus, error: HandlerError | undefined): void {
    if (this.#status === status && this.#error === error) return;
    this.#status = status;
    this.#error = error;
    this.#onChange();
  }

  /** Waits before the next attempt: briefly after a connection that delivered events, longer with each attempt. */
  #pause(atLeastMs: number | undefined): Promise<void> {
    const { signal } = this.#over;
    const ms = Math.max(this.#delay * (0.5 + Math.random() / 2), atLeastMs ?? 0, SHORTEST_DELAY_MS);
    this.#delay = Math.min(Math.max(2 * this.#delay, 2 * SHORTEST_DELAY_MS), LONGEST_DELAY_MS);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }
}

function asHandlerError(error: unknown): HandlerError {
  if (error instanceof HandlerError) return error;
  return new HandlerError(0, "CONNECTION_LOST", `The connection was lost: ${String(error)}`);
}

/** Whether another attempt would fail too. */
function isFinal({ status }: HandlerError): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
