import type { ThreadItem, ThreadResumeResponse, TurnError } from "../protocol/index.js";
import type { Notification } from "../rpc/messages.js";
import type { DeltaLine } from "../turn/delta-line.js";
import type { TurnRecord, TurnRecordEvents } from "../turn/turn-record.js";
import type { Wakes } from "../turn/wakes.js";
import { type CatchUpThread } from "./catch-up.js";
import { Family } from "./family.js";
import { LiveTurns } from "./live-turns.js";
import { Observers } from "./observers.js";
import { ShownTurns } from "./shown-turns.js";
import { type ThreadOpening, ThreadProfile } from "./thread-profile.js";
import type { CurrentConnection, ThreadServer } from "./thread-server.js";
import { type StartsOwner, ThreadStarts } from "./thread-starts.js";
import type { ThreadTools } from "./thread-tools.js";
/** What a thread needs from the registry that holds it. */
export interface ThreadHolder {
    /** The thread may be idle and unreferenced now. */
    settled(thread: ThreadState): void;
    /** A turn of this thread names one that works for it. */
    adopt(childId: string, parent: ThreadState, turnId: string): void;
    /** The same when the child may have begun while there was no connection. */
    adoptMissed(childId: string, parent: ThreadState, turnId: string, connection: CurrentConnection): void;
    /** The turn is to end on the server, as soon as it can. */
    interrupt(thread: ThreadState, record: TurnRecord): void;
    /** Lines of the thread's deltas may no longer go straight to where the last ones went. */
    reroute(): void;
    /** Wakes the readers of all threads together. */
    readonly wakes?: Wakes | undefined;
}
/**
 * Everything that this client knows of one thread. No other object holds state of a thread, and only
 * the methods of this class change it: its handles and tools, the turns that run on it (including
 * those of other clients), which start comes next, and what this connection has missed.
 */
export declare class ThreadState implements CatchUpThread, StartsOwner, TurnRecordEvents {
    #private;
    readonly id: string;
    readonly server: ThreadServer;
    /** The turns that have not ended, ours and those of others. */
    readonly turns: LiveTurns;
    /** Who may start the next turn. */
    readonly starts: ThreadStarts;
    /** The threads that work for it, and the one that it works for. */
    readonly family: Family<ThreadState>;
    /** How the thread is, whatever runs on it. */
    readonly profile: ThreadProfile;
    /** Those who want to see every turn. */
    readonly shown: ShownTurns;
    /** Those who want to see everything. */
    readonly observers: Observers;
    constructor(id: string, server: ThreadServer, holder: ThreadHolder);
    /** A handle of the thread was made. */
    retain(): void;
    release(): void;
    /** Nothing refers to the thread any more. */
    dropped(): void;
    get hasHandles(): boolean;
    /** Whether turns run on it, are being started or wait, or may be started by its children. */
    get isAtWork(): boolean;
    /** The tools of this thread, or of the one that it works for. */
    get tools(): ThreadTools | undefined;
    /** The thread was started, resumed or forked on this connection. */
    opened(thread: unknown, opening?: ThreadOpening): void;
    /** What the server says of the thread in whatever response. */
    inform(thread: unknown): void;
    /** The server sends nothing of this thread any more, because it was asked not to. */
    unsubscribed(reason: Error): void;
    /** Ends all live turns and all starts with this error, and admits no more until the thread is resumed. */
    refuse(reason: Error): void;
    /** The server's own queue has changed: an idle thread may start its next submission at any moment. */
    queueChanged(): void;
    /** A turn that a request of this program has started. */
    claim(turnId: string, clientMessageId?: string): TurnRecord;
    get isSubscribed(): boolean;
    /** Asks the server to send this connection the thread's turns, if it doesn't: `thread/resume`. */
    subscribe(signal?: AbortSignal): Promise<void>;
    /** A notification about this thread; `turnId` if it names a turn. */
    accept(notification: Notification, turnId: string | undefined): void;
    /** A delta that was not parsed; false when its notification is needed. */
    acceptLine(line: DeltaLine): boolean;
    /** A turn's items as last seen, those included that wait for an earlier part. */
    itemsOf(turnId: string): ThreadItem[];
    /** The connection is a new one: what was known of the thread's activity is out of date. */
    connectionReplaced(connection: CurrentConnection): void;
    /** Fetches what was missed of the live turns; what comes for them meanwhile is delivered after it. */
    catchUp(connection: CurrentConnection): void;
    get isCatchingUp(): boolean;
    resumeOn(connection: CurrentConnection): Promise<ThreadResumeResponse | undefined>;
    adoptMissed(turnId: string, items: readonly ThreadItem[], connection: CurrentConnection): void;
    askWhetherActive(): Promise<void>;
    startFinished(): void;
    settled(): void;
    ended(record: TurnRecord): void;
    retrying(record: TurnRecord, error: TurnError | undefined): void;
}
//# sourceMappingURL=thread-state.d.ts.map