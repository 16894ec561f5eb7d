import type { SettledReason } from "../errors/request-errors.cjs";
import type { AnswerOption } from "../session/asked-request.cjs";
import type { PendingRequest } from "../session/pending-request.cjs";
import type { PendingRequests } from "../session/pending-requests.cjs";
import type { ThreadState } from "../thread/thread-state.cjs";
import type { TurnRecord } from "../turn/turn-record.cjs";
/** Whose requests are watched. */
interface Watched {
    readonly thread: ThreadState;
    readonly record: TurnRecord;
    readonly pending: PendingRequests;
}
/** What happens to the requests of a turn. */
export interface RequestWatcher {
    /** `itemId`: the item of the turn that it is about, if that was started. */
    added(request: PendingRequest, itemId: string | undefined): void;
    settled(request: PendingRequest, reason: SettledReason, option: AnswerOption | undefined): void;
}
/** The requests that a turn and its sub-agents wait for. */
export declare class TurnRequests {
    #private;
    constructor({ thread, record, pending }: Watched);
    /** Reports those that wait now, then what changes, until the turn has ended or the result is disposed of. */
    watch(watcher: RequestWatcher): Disposable;
}
export {};
//# sourceMappingURL=turn-requests.d.ts.map