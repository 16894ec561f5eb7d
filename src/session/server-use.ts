/**
 * What a client's server is being used for. If all counts are 0, the server can be stopped without losing anything.
 */
export interface ServerUse {
  /** This client's requests and turns in progress. */
  readonly work: number;
  /** Threads with a running turn, no matter who started it. */
  readonly activeThreads: number;
  /** Server requests that are waiting for an answer. */
  readonly pendingRequests: number;
  /** Open streams of notifications, timelines and listeners. */
  readonly subscriptions: number;
}

export function isInUse(use: ServerUse): boolean {
  return use.work + use.activeThreads + use.pendingRequests + use.subscriptions > 0;
}
