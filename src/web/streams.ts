import { startTicking, type Timer } from "../util/timer.ts";
import { HttpError } from "./errors.ts";
import { type EventSourceLog, EventStream } from "./open-stream.ts";

export interface StreamLimits {
  readonly streams: number;
  readonly streamsPerClient: number;
}

export interface StreamRequest {
  readonly client: string;
  readonly signal: AbortSignal;
  readonly log: EventSourceLog;
  /** The last event that the reader has. */
  readonly after: number | undefined;
  /** Whether the reader may still see the stream. */
  readonly mayContinue: () => Promise<boolean>;
  /** Called when the stream has ended. */
  readonly onEnd: () => void;
}

/** How often something is sent: Bun closes connections on which nothing is sent for 10 seconds, proxies and browsers later. */
const BEAT_MS = 5_000;
/** The readers' access is checked again every 30 seconds. */
const BEATS_PER_CHECK = 6;
const RETRY_AFTER = { "retry-after": "5" };

/** The event streams that are open. */
export class Streams {
  readonly #limits: StreamLimits;
  readonly #open = new Map<EventStream, StreamRequest>();
  readonly #perClient = new Map<string, number>();
  #ticking: Timer | undefined;
  #beats = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @throws HttpError if the maximum number of streams is open. */
  admit(client: string): void {
    const { streams, streamsPerClient } = this.#limits;
    if (this.#open.size >= streams) {
      throw new HttpError(503, "TOO_MANY_STREAMS", "Too many event streams are open", RETRY_AFTER);
    }
    if ((this.#perClient.get(client) ?? 0) < streamsPerClient) return;
    const message = `This client has ${streamsPerClient} event streams open, the maximum: close one first`;
    throw new HttpError(429, "TOO_MANY_STREAMS", message, RETRY_AFTER);
  }

  /** @throws HttpError if the maximum number of streams is open. */
  open(request: StreamRequest): ReadableStream<Uint8Array> {
    this.admit(request.client);
    if (request.signal.aborted) {
      request.onEnd();
      return new ReadableStream({ start: (controller) => controller.close() });
    }
    const stream = new EventStream({ ...request, onEnd: () => this.#ended(stream, request) });
    this.#open.set(stream, request);
    this.#perClient.set(request.client, (this.#perClient.get(request.client) ?? 0) + 1);
    this.#ticking ??= startTicking(BEAT_MS, () => this.#beat());
    return stream.body;
  }

  close(): void {
    for (const stream of [...this.#open.keys()]) stream.close();
  }

  #beat(): void {
    const now = Date.now();
    const checks = ++this.#beats % BEATS_PER_CHECK === 0;
    for (const [stream, { mayContinue }] of [...this.#open]) {
      stream.beat(now);
      if (!checks) continue;
      const end = () => stream.close();
      mayContinue().then((may) => may || end(), end);
    }
  }

  #ended(stream: EventStream, { client, onEnd }: StreamRequest): void {
    if (this.#open.delete(stream)) {
      const count = (this.#perClient.get(client) ?? 1) - 1;
      if (count > 0) this.#perClient.set(client, count);
      else this.#perClient.delete(client);
    }
    if (this.#open.size === 0) {
      this.#ticking?.cancel();
      this.#ticking = undefined;
    }
    onEnd();
  }
}
