const FIRST_MS = 300;
const LONGEST_MS = 60_000;

/**
 * Asks the server now and then whether a thread is really at work, while callers wait for a turn
 * that isn't theirs to end: its end may have been missed, or the turn may never have begun.
 */
export class OccupiedCheck {
  readonly #ask: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  /** `ask` never rejects. */
  constructor(ask: () => Promise<void>) {
    this.#ask = ask;
  }

  /** Starts to ask, if it isn't asking already. */
  start(): void {
    if (this.#timer === undefined) this.#schedule(FIRST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(ms: number): void {
    const timer = setTimeout(async () => {
      await this.#ask();
      if (this.#timer === timer) this.#schedule(Math.min(2 * ms, LONGEST_MS));
    }, ms);
    this.#timer = timer.unref();
  }
}
