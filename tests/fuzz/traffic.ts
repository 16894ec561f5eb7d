import type { VirtualClock } from "./virtual-clock.ts";

interface Dial {
  readonly at: number;
  /** How long the connection lasted; undefined if it still exists, or there was none. */
  livedMs: number | undefined;
  /** Whether one of the user's requests was answered on it: then the connection was useful. */
  isOfUse: boolean;
}

/** A connection that lasted longer may have reset the backoff. */
const SHORT_LIFE_MS = 100;
const DIAL_WINDOW_MS = 5_000;
/**
 * Ten milliseconds doubled nine times is about five seconds; this allows twice as many attempts.
 */
const MAX_DIALS = 24;

const RESEND_WINDOW_MS = 1_000;
const MAX_RESENDS = 30;
/** How often the client may ask about a thread on each connection: it repeats this until the answer is complete. */
const ASKS_PER_CONNECTION = 5;

/** Counts what client and server exchanged, and what of it excuses an error. */
export class Traffic {
  readonly #clock: VirtualClock;
  readonly #dials: Dial[] = [];
  /** When each request was received, by its text without its id. */
  readonly #received = new Map<string, number[]>();
  /** How often the client asked about a thread on this connection, by the request's text. */
  readonly #asks = new Map<string, number>();
  /** How often each request was refused in a row because of overload. */
  readonly #refusals = new Map<string, number>();
  readonly #toldBusy = new Set<string>();
  /** Requests that arrived, by the marker that the user put into them. */
  readonly markers = new Set<number>();
  /** How often the server didn't properly answer a request about a thread or its turns. */
  unhelpful = 0;
  /** Turns that the client has tried to interrupt, and threads that it has left. */
  readonly givenUp = new Set<unknown>();
  /**
   * Threads that the server has unsubscribed without an answer: until the request's time limit, the
   * client can't know that it receives nothing more.
   */
  readonly leftSilently = new Set<unknown>();
  unreachable = 0;
  /** Handshakes that failed because of the server. */
  badHandshakes = 0;
  overloads = 0;
  /** Messages without meaning; some look like the start of a turn. */
  strays = 0;
  refused = 0;
  /** Answers that weren't sent, or were sent late. */
  missing = 0;
  hollow = 0;
  /** Turns whose end was not reported. */
  hidden = 0;
  /** How often the connection was cut. */
  cuts = 0;
  /** Requests that named a thread. */
  aboutThreads = 0;
  /** Since when the client's user wants no retries. */
  #retriesEndedAt = Number.POSITIVE_INFINITY;
  /** Requests that were retried nevertheless. */
  readonly #resentLate = new Set<string>();
  #lines = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** How many connections there were. */
  get lines(): number {
    return this.#lines;
  }

  /** From now on the client's user wants no retries; some calls may fail at once. */
  endRetries(): void {
    this.#retriesEndedAt = this.#clock.now;
    this.unhelpful++;
  }

  get hasRetries(): boolean {
    return this.#retriesEndedAt === Number.POSITIVE_INFINITY;
  }

  dialled(): void {
    this.#dials.push({ at: this.#clock.now, livedMs: undefined, isOfUse: false });
  }

  opened(): number {
    this.#asks.clear();
    return ++this.#lines;
  }

  /** A request was answered. Requests that only update threads don't count as useful. */
  answered(method: string): void {
    const dial = this.#dials.at(-1);
    if (dial && method !== "initialize" && !isInquiry(method)) dial.isOfUse = true;
  }

  closed(openedAt: number): void {
    const dial = this.#dials.at(-1);
    if (dial) dial.livedMs = this.#clock.now - openedAt;
  }

  /** `losesBytes`: whether messages that were sent may not have arrived, or only in part. */
  cut({ losesBytes }: { readonly losesBytes: boolean }): void {
    this.cuts++;
    if (losesBytes) this.#toldBusy.clear();
  }

  received(method: string, params: object): void {
    const { threadId, turnId } = params as { threadId?: unknown; turnId?: unknown };
    if (method === "turn/interrupt") this.givenUp.add(turnId);
    if (method === "thread/unsubscribe") this.givenUp.add(threadId);
    const { marker } = params as { marker?: number };
    if (marker !== undefined) this.markers.add(marker);
    const isAboutThread = "threadId" in params;
    if (isAboutThread) this.aboutThreads++;
    if (!isAboutThread && marker === undefined && method !== "initialize") return;
    const text = `${method} ${JSON.stringify(params)}`;
    const isOnce = marker !== undefined || "clientUserMessageId" in params;
    if (isOnce && this.#toldBusy.has(text) && this.#clock.now > this.#retriesEndedAt) {
      this.#resentLate.add(text);
    }
    // Every connection begins with it.
    if (isInquiry(method) || method === "initialize") {
      const asks = (this.#asks.get(text) ?? 0) + 1;
      this.#asks.set(text, asks);
      if (asks <= ASKS_PER_CONNECTION) return;
    }
    const times = this.#received.get(text);
    if (times) times.push(this.#clock.now);
    else this.#received.set(text, [this.#clock.now]);
  }

  /** The client has read the refusal of this request. */
  toldBusy(method: string, params: object): void {
    this.#toldBusy.add(`${method} ${JSON.stringify(params)}`);
  }

  /**
   * Refused with -32001: this counts as an improper answer only if the client was refused
   * repeatedly.
   */
  overloaded(method: string, params: object, retries: boolean): void {
    this.overloads++;
    const text = `${method} ${JSON.stringify(params)}`;
    const count = (this.#refusals.get(text) ?? 0) + 1;
    this.#refusals.set(text, count);
    if (method === "initialize") this.badHandshakes++;
    if (isInquiry(method) && (!retries || count >= 4)) this.unhelpful++;
  }

  /** No answer, or one that is late or empty. */
  unanswered(method: string): void {
    this.missing++;
    if (method === "initialize") this.badHandshakes++;
    if (isInquiry(method)) this.unhelpful++;
  }

  /** Things that the client did more often than any backoff allows. */
  faults(): string[] {
    const faults: string[] = [];
    const short = this.#dials.filter(
      ({ livedMs = 0, isOfUse }) => livedMs < SHORT_LIFE_MS && !isOfUse,
    );
    const dials = mostWithin(
      short.map(({ at }) => at),
      DIAL_WINDOW_MS,
    );
    if (dials > MAX_DIALS) {
      faults.push(
        `[dials] ${dials} dials within ${DIAL_WINDOW_MS} ms, each connection cut at once`,
      );
    }
    for (const [text, times] of this.#received) {
      const count = mostWithin(times, RESEND_WINDOW_MS);
      if (count > MAX_RESENDS) {
        faults.push(
          `[resends] ${count} times within ${RESEND_WINDOW_MS} ms: ${text.slice(0, 200)}`,
        );
      }
    }
    const late = [...this.#resentLate].map(
      (text) => `[retries] after their signal has aborted: ${text.slice(0, 200)}`,
    );
    return [...faults, ...late];
  }

  /** Whether the server and the connection to it have worked correctly. */
  get isFlawless(): boolean {
    const failures =
      this.strays + this.overloads + this.refused + this.missing + this.hollow + this.hidden;
    return failures + this.cuts + this.unreachable + this.badHandshakes === 0;
  }
}

function isInquiry(method: string): boolean {
  return /^thread\/(?:resume|read|turns\/list)$/.test(method);
}

/** The largest number of these times within one window. */
function mostWithin(times: readonly number[], windowMs: number): number {
  let most = 0;
  let from = 0;
  for (let to = 0; to < times.length; to++) {
    while ((times[to] ?? 0) - (times[from] ?? 0) >= windowMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
