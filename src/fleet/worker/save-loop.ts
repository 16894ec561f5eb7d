/** The minimum time between two saves while a turn is running. */
const PAUSE_MS = 250;

/** Saves a thread while its turn runs: one save at a time, with a pause in between. */
export class SaveLoop {
  readonly #save: (isLast: boolean) => Promise<void>;
  #isWanted = false;
  #saving: Promise<void> | undefined;
  #pause: NodeJS.Timeout | undefined;

  constructor(save: (isLast: boolean) => Promise<void>) {
    this.#save = save;
  }

  /**
   * Saves now, or after the save that is under way and a pause. A failure is ignored: the final
   * save reports its own.
   */
  request(): void {
    this.#isWanted = true;
    if (this.#saving || this.#pause) return;
    this.#start();
  }

  /** Saves the final state. */
  async finish(): Promise<void> {
    this.stop();
    await this.#saving?.catch(() => {});
    await this.#save(true);
  }

  stop(): void {
    this.#isWanted = false;
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  #start(): void {
    this.#isWanted = false;
    this.#saving = this.#save(false);
    this.#saving
      .catch(() => {})
      .then(() => {
        this.#saving = undefined;
        this.#pause = setTimeout(() => {
          this.#pause = undefined;
          if (this.#isWanted) this.#start();
        }, PAUSE_MS);
      });
  }
}
