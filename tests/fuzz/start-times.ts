import type { MisbehavingServer } from "./misbehaving-server.ts";

/** A start is sent so soon after its thread has become free, and is known to be. */
const PROMPT_MS = 1_000;

interface Waiting {
  readonly threadId: string;
  readonly since: number;
}

/** Judges whether the turns of users start when they can: no start waits for what never comes. */
export class StartTimes {
  readonly #server: MisbehavingServer;
  readonly #waiting = new Map<string, Waiting>();
  /** When the last start of each thread was sent. */
  readonly #lastStart = new Map<string, number>();

  constructor(server: MisbehavingServer) {
    this.#server = server;
    server.onStart = (thread, text) => this.#started(thread.id, text);
  }

  /** The user wants this turn; `over` says that the wait has come to an end, however it did. */
  wanted(threadId: string, text: string): { over(): void } {
    this.#waiting.set(text, { threadId, since: this.#server.clock.now });
    return { over: () => void this.#waiting.delete(text) };
  }

  #started(threadId: string, text: string): void {
    const { clock, line, traffic } = this.#server;
    const waiting = this.#waiting.get(text);
    const last = this.#lastStart.get(threadId) ?? 0;
    this.#lastStart.set(threadId, clock.now);
    if (!waiting || !line || !traffic.isFlawless) return;
    const freeSince = line.free.get(threadId) ?? 0;
    const since = Math.max(waiting.since, freeSince, last, line.openedAt);
    const tookMs = clock.now - since;
    if (tookMs <= PROMPT_MS) return;
    this.#server.fault(`[slow] ${text} on ${threadId} was sent ${tookMs} ms after it could be`);
  }
}
