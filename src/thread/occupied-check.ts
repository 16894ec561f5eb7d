const FIRST_MS = 300;
const LONGEST_MS = 60_000;

/**
 * While callers wait for another client's turn to end, or a thread is only presumed to be busy, periodically asks the
 * server whether the thread is really active: the end may have been missed, or the turn may never have started.
 */
export class OccupiedCheck {
  readonly #ask: () => Promise<unknown>;
  #timer: NodeJS.Timeout | undefined;

  /** `ask` never rejects. */
  constructor(ask: () => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Starts asking, unless it is already asking. */
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
