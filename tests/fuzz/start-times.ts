import type { MisbehavingServer } from "./misbehaving-server.ts";

/** How soon a start is sent after the client knows that its thread is idle. */
const PROMPT_MS = 1_000;

interface Waiting {
  readonly threadId: string;
  readonly since: number;
}

/**
 * Judges whether users' turns start when they can: no start waits for something that never comes.
 */
export class StartTimes {
  readonly #server: MisbehavingServer;
  readonly #waiting = new Map<string, Waiting>();
  /** When the last start of each thread was sent. */
  readonly #lastStart = new Map<string, number>();

  constructor(server: MisbehavingServer) {
    this.#server = server;
    server.onStart = (thread, text) => this.#started(thread.id, text);
  }

  /** The user wants this turn; call `over` when the wait has ended, however it did. */
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
    this.#server.fault(`[slow] ${text} on ${threadId} was sent ${tookMs} ms later than possible`);
  }
}
