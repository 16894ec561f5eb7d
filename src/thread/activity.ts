/**
 * Whether a thread can take a new turn. A second `turn/start` on an active thread silently steers
 * the first turn, so a start is admitted only while nothing shows that the thread is at work:
 * the server's own `thread/status/changed`, a start of ours on its way, or a request that has
 * started a turn of which nothing has been seen yet.
 */
export class Activity {
  #active = false;
  #starting = false;
  /** A turn is expected that has not shown itself: see `expectTurn`. */
  #expecting = false;
  /** The thread became idle, and the end of its turn, which follows, has not come. */
  #ending = false;
  /** Something of a turn that has not ended was seen since the last `begin`. */
  #seen = false;
  /** Answers on their way that will say whether the thread is active. */
  #pendingAnswers = 0;
  /** The server's own queue may hold submissions, which it starts by itself. */
  #queued = false;
  #changes = 0;
  #signs = 0;

  /** Counts what was begun here: an answer to an earlier question doesn't know of it. */
  get changes(): number {
    return this.#changes;
  }

  /** Counts the signs that a turn runs. */
  get signs(): number {
    return this.#signs;
  }

  get isActive(): boolean {
    return this.#active;
  }

  get isStarting(): boolean {
    return this.#starting;
  }

  get isBusy(): boolean {
    return this.#starting || this.isOccupied;
  }

  /** Whether something other than our own start keeps the thread busy. */
  get isOccupied(): boolean {
    return this.#active || this.#ending || this.#expecting || this.#pendingAnswers > 0;
  }

  /** The status that the server reports: of its own accord, or when it was asked. */
  report(active: boolean, asked: boolean): void {
    if (active) this.saw();
    else if (this.#active && this.#queued) this.#expecting = true;
    this.#ending = this.#active && !active && !asked;
    this.#active = active;
  }

  /** What became of a turn can't be known: it may still run. */
  believeActive(): void {
    this.#active = true;
  }

  /** A turn has ended. An interrupt also pauses the server's queue: nothing follows by itself. */
  sawEnd(isInterrupted: boolean): void {
    this.#ending = false;
    this.#seen = false;
    if (isInterrupted) this.#expecting = false;
  }

  /** Something shows that a turn runs. */
  saw(): void {
    this.#seen = true;
    this.#signs++;
    this.#expecting = false;
  }

  /** A request that starts a turn is about to be sent. */
  begin(): void {
    this.#starting = true;
    this.#seen = false;
    this.#changes++;
  }

  finish(): void {
    this.#starting = false;
    this.#changes++;
  }

  /**
   * The request that was begun has started a turn which its response doesn't name. The thread
   * is busy until that turn shows itself, unless it has already.
   */
  expectTurn(): void {
    if (!this.#seen) this.#expecting = true;
    this.#changes++;
  }

  /** The server's own queue has changed: an idle thread may start its next submission at any moment. */
  queueChanged(): void {
    this.#queued = true;
    this.#changes++;
    if (!this.#active) this.#expecting = true;
  }

  queueIsEmpty(): void {
    this.#queued = false;
  }

  get mayHaveQueue(): boolean {
    return this.#queued;
  }

  /** Holds starts back while `work` waits for an answer that says whether the thread is active. */
  async whileAsking<T>(work: () => Promise<T>): Promise<T> {
    this.#pendingAnswers++;
    try {
      return await work();
    } finally {
      this.#pendingAnswers--;
    }
  }

  /** What was reported is out of date: the server was asked and is idle, or the connection is new. */
  reset(): void {
    this.#active = false;
    this.#ending = false;
    this.#expecting = false;
  }
}
