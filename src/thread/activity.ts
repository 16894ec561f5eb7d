/**
 * Whether a thread can take a new turn. A second `turn/start` on an active thread silently steers
 * the first turn, so a start is admitted only if there is no sign of activity: neither from the
 * server's `thread/status/changed`, nor from a start of this client in progress, nor from a request
 * whose turn hasn't been seen yet.
 */
export class Activity {
  #active = false;
  #starting = false;
  /** A turn is expected, but there is no sign of it yet: see `expectTurn`. */
  #expecting = false;
  /** The thread counts as active, although the server hasn't reported it: see `believeActive`. */
  #believing = false;
  /** The thread became idle, but the end of its turn, which follows, hasn't arrived yet. */
  #ending = false;
  /** A sign of a turn that hasn't ended was seen since the last `begin`. */
  #seen = false;
  /** The number of pending answers that will show whether the thread is active. */
  #pendingAnswers = 0;
  /** The server's own queue may contain submissions, which the server starts automatically. */
  #queued = false;
  #changes = 0;
  #signs = 0;

  /** Counts the starts of this client: an answer to an earlier question doesn't include them. */
  get changes(): number {
    return this.#changes;
  }

  /** Counts the signs of a running turn. */
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

  /** Whether anything except this client's own start keeps the thread busy. */
  get isOccupied(): boolean {
    return this.hasTurn || this.#pendingAnswers > 0;
  }

  /** Whether a turn is running, ending or expected. */
  get hasTurn(): boolean {
    return this.#active || this.#ending || this.#expecting;
  }

  /**
   * Whether the thread is only presumed to be busy. This may never end by itself, for example when the expected turn
   * was removed from the server's queue.
   */
  get isPresumed(): boolean {
    return this.#expecting || this.#believing;
  }

  /** Applies the status that the server reported, unprompted or as an answer. */
  report(active: boolean, asked: boolean): void {
    this.#believing = false;
    if (active) this.saw();
    else if (this.#active && this.#queued) this.#expecting = true;
    this.#ending = this.#active && !active && !asked;
    this.#active = active;
  }

  /** Treats the thread as active: the server didn't report how a turn ended, so it may still be running. */
  believeActive(): void {
    this.#active = true;
    this.#believing = true;
  }

  /**
   * Notes that a turn has ended. An interrupt also pauses the server's queue, so no further turn starts automatically.
   */
  sawEnd(isInterrupted: boolean): void {
    this.#ending = false;
    this.#seen = false;
    if (isInterrupted) this.#expecting = false;
  }

  /** Notes a sign of a running turn. */
  saw(): void {
    this.#seen = true;
    this.#signs++;
    this.#expecting = false;
  }

  /** Notes that a request that starts a turn is about to be sent. */
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
   * Notes that the request has started a turn that its response doesn't name. The thread is busy until there
   * is a sign of that turn, unless there has been one already.
   */
  expectTurn(): void {
    if (!this.#seen) this.#expecting = true;
    this.#changes++;
  }

  /** Notes that the server's own queue has changed: an idle thread may start its next submission at any moment. */
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

  /** Holds starts back while `work` waits for an answer about whether the thread is active. */
  async whileAsking<T>(work: () => Promise<T>): Promise<T> {
    this.#pendingAnswers++;
    try {
      return await work();
    } finally {
      this.#pendingAnswers--;
    }
  }

  /** Resets what was reported: the server was asked and is idle, or the connection is new. */
  reset(): void {
    this.#active = false;
    this.#believing = false;
    this.#ending = false;
    this.#expecting = false;
  }
}
