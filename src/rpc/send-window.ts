import { backoffDelay } from "../util/backoff.ts";
import { Fifo } from "../util/fifo.ts";
import { startTimer, type Timer } from "../util/timer.ts";

/** The server's ingress queue holds 128 messages, including those of other clients. */
const MAX_UNREAD = 64;
/** Additional slots for urgent requests. */
const URGENT_RESERVE = 32;

/** Delay before a probe is sent while the window is full; it grows while probes are refused. */
const PROBE_BACKOFF = { initialDelayMs: 20, maxDelayMs: 5_000, jitterRatio: 0 };
/** Time after which an unanswered probe counts as lost. */
const PROBE_PATIENCE = { initialDelayMs: 10_000, maxDelayMs: 600_000, jitterRatio: 0 };

export interface SendWindowOptions<R> {
  /** Puts a request on the wire. Never throws. */
  readonly send: (request: R) => void;
  /** Creates a cheap request. If undefined, the window waits for other answers. */
  readonly makeProbe: (() => R) | undefined;
}

/**
 * Decides when a request is sent, so that at most `MAX_UNREAD` are in the server's ingress queue.
 * The server takes requests from the queue in order, however long it then works on each, so an
 * answer shows that all requests sent before it were taken. If all take a long time and none is
 * answered, the answer to a probe shows this instead.
 */
export class SendWindow<R extends object> {
  readonly #options: SendWindowOptions<R>;
  readonly #waiting = new Fifo<R>();
  readonly #urgent = new Fifo<R>();
  /** Sent requests that the server may not have taken yet, oldest first. */
  readonly #unread = new Set<R>();
  #pumping = false;
  #timer: Timer | undefined;
  /** Whether the server has taken a request since the timer was set. */
  #moved = false;
  #probe: R | undefined;
  /** Probes sent since the server last took a request. */
  #probes = 0;

  constructor(options: SendWindowOptions<R>) {
    this.#options = options;
  }

  /** Sends the request when there is room; urgent requests go before all others. */
  add(request: R, urgent = false): void {
    (urgent ? this.#urgent : this.#waiting).push(request);
    this.#pump();
  }

  /** Removes a request that hasn't been sent. */
  remove(request: R): void {
    if (!this.#urgent.remove(request)) this.#waiting.remove(request);
    this.#watch();
  }

  /** Notes that the server has answered this request, and so has taken this request and all sent before it. */
  taken(request: R): void {
    if (!this.#unread.has(request)) return;
    for (const one of this.#unread) {
      this.#unread.delete(one);
      if (one === request) break;
    }
    this.#moved = true;
    if (this.#probes > 0) this.#disarm();
    this.#probes = 0;
    this.#pump();
  }

  /**
   * Notes that the request never entered the queue: the transport or the server refused it. The
   * server refuses on entry, so this gives no information about earlier requests.
   */
  refused(request: R): void {
    this.#unread.delete(request);
    if (request === this.#probe) this.#disarm();
    this.#pump();
  }

  /** Drops all unsent requests, and returns them. */
  clear(): R[] {
    const dropped = [...this.#urgent, ...this.#waiting];
    this.#urgent.clear();
    this.#waiting.clear();
    this.#unread.clear();
    this.#disarm();
    return dropped;
  }

  #pump(): void {
    // A request can be answered inside `send`, which must not send the next one recursively.
    if (this.#pumping) return;
    this.#pumping = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) this.#send(next);
    this.#pumping = false;
    this.#watch();
  }

  #next(): R | undefined {
    const { size } = this.#unread;
    if (size < MAX_UNREAD) return this.#urgent.shift() ?? this.#waiting.shift();
    return size < MAX_UNREAD + URGENT_RESERVE ? this.#urgent.shift() : undefined;
  }

  #send(request: R): void {
    this.#unread.add(request);
    this.#options.send(request);
  }

  /** Runs the timer for the next probe only while requests are waiting. */
  #watch(): void {
    if (this.#waiting.size + this.#urgent.size === 0) this.#disarm();
    else if (this.#timer === undefined) this.#arm();
  }

  #arm(): void {
    if (this.#options.makeProbe === undefined) return;
    const delayMs = this.#isProbing
      ? backoffDelay(this.#probes, PROBE_PATIENCE)
      : backoffDelay(this.#probes + 1, PROBE_BACKOFF);
    this.#moved = false;
    this.#timer = startTimer(delayMs, () => this.#stalled());
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  get #isProbing(): boolean {
    return this.#probe !== undefined && this.#unread.has(this.#probe);
  }

  #stalled(): void {
    this.#timer = undefined;
    const probe = this.#moved ? undefined : this.#options.makeProbe?.();
    if (probe !== undefined) {
      if (this.#probe) this.#unread.delete(this.#probe);
      this.#probe = probe;
      this.#probes++;
      this.#send(probe);
    }
    this.#watch();
  }
}
