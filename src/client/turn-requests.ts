import type { SettledReason } from "../errors/request-errors.ts";
import type { AnswerOption } from "../requests/pending-request-data.ts";
import type { PendingRequest } from "../session/pending-request.ts";
import type { PendingRequests } from "../session/pending-requests.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { TurnRecord } from "../turn/turn-record.ts";

/** The turn whose requests are watched. */
interface Watched {
  readonly thread: ThreadState;
  readonly record: TurnRecord;
  readonly pending: PendingRequests;
}

/** What happens to the requests of a turn. */
export interface RequestWatcher {
  /** `itemId`: the turn's item that the request belongs to, if the item has started. */
  added(request: PendingRequest, itemId: string | undefined): void;
  settled(request: PendingRequest, reason: SettledReason, option: AnswerOption | undefined): void;
}

/** The pending requests of a turn and its sub-agents. */
export class TurnRequests {
  readonly #thread: ThreadState;
  readonly #record: TurnRecord;
  readonly #pending: PendingRequests;

  constructor({ thread, record, pending }: Watched) {
    this.#thread = thread;
    this.#record = record;
    this.#pending = pending;
  }

  /**
   * Reports the pending requests, then each change, until the turn has ended or the result is
   * disposed of.
   */
  watch(watcher: RequestWatcher): Disposable {
    const add = (request: PendingRequest) => {
      if (this.#concerns(request)) watcher.added(request, this.#itemOf(request));
    };
    const added = this.#pending.onAdded(add);
    const settled = this.#pending.onSettled((request, reason, option) => {
      if (this.#concerns(request)) watcher.settled(request, reason, option);
    });
    const stop = () => {
      added[Symbol.dispose]();
      settled[Symbol.dispose]();
    };
    this.#record.ending.then(stop);
    for (const request of this.#pending.all) add(request);
    return { [Symbol.dispose]: stop };
  }

  #concerns({ threadId }: PendingRequest): boolean {
    return threadId !== undefined && hasThread(this.#thread, threadId);
  }

  #itemOf({ threadId, entryId }: PendingRequest): string | undefined {
    if (threadId !== this.#record.threadId || entryId === undefined) return undefined;
    return this.#record.item(entryId) && entryId;
  }
}

/** Whether the id is that of this thread or of one of its sub-agents. */
function hasThread(thread: ThreadState, threadId: string): boolean {
  return thread.id === threadId || thread.family.agents.some((one) => hasThread(one, threadId));
}
