import type { ThreadItem, ThreadResumeResponse } from "../protocol/index.cjs";
import type { Notification } from "../rpc/messages.cjs";
import type { TurnRecord } from "../turn/turn-record.cjs";
import type { LiveTurns } from "./live-turns.cjs";
import type { CurrentConnection, ThreadServer } from "./thread-server.cjs";
/** What catching up needs from the thread that it works for. */
export interface CatchUpThread {
    readonly id: string;
    readonly profile: {
        readonly isEphemeral: boolean;
    };
    readonly turns: LiveTurns;
    /** Subscribes this connection to the thread: `thread/resume`. The answer is applied in wire order. */
    resumeOn(connection: CurrentConnection): Promise<ThreadResumeResponse | undefined>;
    /** What the server says of the thread in whatever response. */
    inform(thread: unknown): void;
    /** Who may start the next turn. */
    readonly starts: {
        believeActive(): void;
    };
    /** Sub-agents that these items of a turn name may have begun while there was no connection. */
    adoptMissed(turnId: string, items: readonly ThreadItem[], connection: CurrentConnection): void;
}
/**
 * Fetches what this client has missed of a thread's turns, on one connection. A server that is busy
 * or late is asked again; only one that says that it doesn't know a turn, or never answers, loses it.
 * Rejects when the connection is lost: the next one starts over.
 */
export declare class CatchUp {
    #private;
    constructor(thread: CatchUpThread, server: ThreadServer, connection: CurrentConnection);
    /** Subscribes again, and brings every live turn up to date. */
    resume(): Promise<void>;
    /**
     * Ends the live turns that have ended on the server, of which this client has missed the end.
     * Returns those that the server doesn't list as ended.
     */
    end(): Promise<TurnRecord[]>;
    /** Completes a turn of which something was missed before it ends here: a result is whole or an error. */
    settle(record: TurnRecord, end: Notification): Promise<void>;
}
//# sourceMappingURL=catch-up.d.ts.map