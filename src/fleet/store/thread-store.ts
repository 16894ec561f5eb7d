/** What a store has of a thread. */
export interface OpenedThread {
  /** As it was last saved; undefined if it never was. */
  readonly latest: Buffer | undefined;
  /** As it was after its last turn that ended; undefined if none has. */
  readonly settled: Buffer | undefined;
}

/**
 * Keeps threads where every worker can reach them. Each claim of a thread has an epoch, a number that
 * grows; a store never lets what was saved under an older epoch replace something newer.
 */
export interface ThreadStore {
  /**
   * Reads a thread. From now on, nothing that is saved under an older epoch counts.
   * @throws FencedError if it was opened under a later epoch.
   */
  open(thread: string, epoch: string): Promise<OpenedThread>;
  /**
   * Saves a thread, after a turn ("settled") or during it.
   * @throws FencedError if it is known that the thread was opened under a later epoch.
   */
  save(thread: string, epoch: string, state: Buffer, isSettled: boolean): Promise<void>;
  /** Removes all that is stored of a thread. */
  delete(thread: string): Promise<void>;
}
