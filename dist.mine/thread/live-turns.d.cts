import type { Turn as WireTurn } from "../protocol/index.cjs";
import { TurnRecord, type TurnRecordEvents } from "../turn/turn-record.cjs";
import type { Wakes } from "../turn/wakes.cjs";
/**
 * The turns of one thread that have not ended, started by this program, by another client, by a goal
 * or by the server's own queue. A record is made when a turn first shows itself.
 */
export declare class LiveTurns {
    #private;
    /** `wakes` wakes the readers of all threads together. */
    constructor(threadId: string, events: TurnRecordEvents, wakes?: Wakes);
    /** Whether the user wants to see every turn, with all its notifications. */
    areShown: boolean;
    get(turnId: string): TurnRecord | undefined;
    get size(): number;
    [Symbol.iterator](): Iterator<TurnRecord>;
    /** The turns that this program has started, or follows. */
    awaited(): TurnRecord[];
    /** The record that a notification is for; undefined when it is about no live turn. */
    see(turnId: string, method: string, options: {
        mayBeOurs: boolean;
    }): TurnRecord | undefined;
    /** The turn that a start of ours has begun. */
    claim(turnId: string, clientMessageId: string | undefined): TurnRecord;
    /** A turn that is running, of which the user wants a handle. */
    follow(turnId: string): TurnRecord;
    /** Resolves if the turn proves to be started by this program. Only the newest few are waited for. */
    whenOurs(turnId: string): Promise<void>;
    /** More is known of the turns: some that are waited for may prove to be this program's. */
    recheck(): void;
    /** Whether the beginning of the turn was seen, so that it is known whose it is. */
    hasSeenStart(turnId: string): boolean;
    /** A turn as the server lists it. Whether that shows how it began, and so whose it is. */
    learn({ id, items }: WireTurn): boolean;
    /**
     * Whether this program has started the turn, even if it was given up since: by a request, or by a
     * message or a goal of its own.
     */
    isOurs(turnId: string): boolean;
    get hasOurs(): boolean;
    /** No start is on its way any more: the turns that could have been its are others', some of them over. */
    forgetCandidates(): void;
    ended(record: TurnRecord): void;
    /** A request of this program has sent this message. */
    sentMessage(id: string): void;
    /** The turn is being stopped, and with it what it has begun. */
    stops(turnId: string): void;
    goesOn(turnId: string): void;
    wasStopped(turnId: string): boolean;
    /**
     * Drops the turns of others that were seen to begin: the thread is idle, so they are over. One
     * that may be ours, its id yet to come, is kept until that is known.
     */
    dropForeign(): void;
    failAll(reason: Error): void;
}
//# sourceMappingURL=live-turns.d.ts.map