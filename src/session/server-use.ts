/** What a client's server is in use for. While all are 0, it can be stopped and nothing is lost. */
export interface ServerUse {
  /** Requests and turns of this client in progress. */
  readonly work: number;
  /** Threads at work, no matter who started their turns. */
  readonly activeThreads: number;
  /** Requests of the server that wait for an answer. */
  readonly pendingRequests: number;
  /** Open streams of notifications, timelines and listeners. */
  readonly subscriptions: number;
}

export function isInUse(use: ServerUse): boolean {
  return use.work + use.activeThreads + use.pendingRequests + use.subscriptions > 0;
}
