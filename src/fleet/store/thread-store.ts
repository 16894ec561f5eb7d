/** A thread as it is stored: enough for another server to continue it. */
export interface StoredThread {
  /** The server's id of the thread. */
  readonly threadId: string;
  /** Where its history belongs in a CODEX_HOME, such as `sessions/2026/11/26/rollout-….jsonl`. */
  readonly path: string;
  /** The options that it was started with, encoded. */
  readonly options: string;
  /** The history, compressed and perhaps encrypted. */
  readonly history: Buffer;
}

/**
 * Keeps threads where every worker can reach them. Each claim of a thread has an epoch, a number that
 * grows; a store never lets what was saved under an older epoch replace something newer.
 */
export interface ThreadStore {
  /**
   * The thread as it was last saved; undefined if it wasn't. From now on, nothing that is saved under an
   * older epoch counts.
   * @throws FencedError if it was opened under a later epoch.
   */
  open(thread: string, epoch: string): Promise<StoredThread | undefined>;
  /** @throws FencedError if it is known that the thread was opened under a later epoch. */
  save(thread: string, epoch: string, stored: StoredThread): Promise<void>;
  /** Removes all that is stored of a thread. */
  delete(thread: string): Promise<void>;
}
