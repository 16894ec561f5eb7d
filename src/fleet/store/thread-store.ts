/** The stored states of a thread. */
export interface OpenedThread {
  /** The state that was saved last; undefined if none was. */
  readonly latest: Buffer | undefined;
  /** The state after the last turn that ended; undefined if none has. */
  readonly settled: Buffer | undefined;
}

/**
 * Stores threads where every worker can access them. Each claim of a thread has an epoch, a number
 * that increases; in a store, a state saved under an older epoch never replaces a newer one.
 */
export interface ThreadStore {
  /**
   * Reads a thread. From then on, saves under an older epoch don't count.
   * @throws FencedError if the thread was opened under a later epoch.
   */
  open(thread: string, epoch: string): Promise<OpenedThread>;
  /**
   * Saves a thread, after a turn ("settled") or during it.
   * @throws FencedError if the store finds that the thread was opened under a later epoch.
   */
  save(thread: string, epoch: string, state: Buffer, isSettled: boolean): Promise<void>;
  /** Removes everything that is stored for a thread. */
  delete(thread: string): Promise<void>;
}
