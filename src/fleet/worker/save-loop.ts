/** How long a save waits: if the turn ends in the meantime, its last save is the only one. */
const WAIT_MS = 100;
/** The minimum time between two saves while a turn is running. */
const PAUSE_MS = 250;

/** Saves a thread while its turn runs: one save at a time, with a pause in between. */
export class SaveLoop {
  readonly #save: (isLast: boolean) => Promise<void>;
  #saving: Promise<void> | undefined;
  /** Whether another save was requested during the current one. */
  #isWanted = false;
  #next: NodeJS.Timeout | undefined;
  #pauseEnd = 0;

  constructor(save: (isLast: boolean) => Promise<void>) {
    this.#save = save;
  }

  /**
   * Saves soon, or after the save that is under way and a pause. A failure is ignored: the final
   * save reports its own.
   */
  request(): void {
    if (this.#saving) this.#isWanted = true;
    if (this.#saving || this.#next) return;
    const waitMs = Math.max(WAIT_MS, this.#pauseEnd - performance.now());
    this.#next = setTimeout(() => this.#start(), waitMs);
  }

  /** Saves the final state. */
  async finish(): Promise<void> {
    this.stop();
    await this.#saving?.catch(() => {});
    await this.#save(true);
  }

  stop(): void {
    this.#isWanted = false;
    clearTimeout(this.#next);
    this.#next = undefined;
  }

  #start(): void {
    this.#next = undefined;
    this.#isWanted = false;
    this.#saving = this.#save(false);
    this.#saving
      .catch(() => {})
      .then(() => {
        this.#saving = undefined;
        this.#pauseEnd = performance.now() + PAUSE_MS;
        if (this.#isWanted) this.request();
      });
  }
}
