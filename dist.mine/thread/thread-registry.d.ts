import type { Notification } from "../rpc/messages.js";
import type { DeltaForm, DeltaLine } from "../turn/delta-line.js";
import type { TurnRecord } from "../turn/turn-record.js";
import { Wakes } from "../turn/wakes.js";
import type { CurrentConnection, ThreadServer } from "./thread-server.js";
import { type ThreadHolder, ThreadState } from "./thread-state.js";
export interface ThreadRegistryOptions {
    /** Whether somebody wants the parsed notifications of this method. */
    readonly wants: (method: string) => boolean;
    /** Called with each line that `acceptLine` has taken. */
    readonly onLine?: ((form: DeltaForm, line: DeltaLine) => void) | undefined;
    /** A thread was dropped: nothing of it is needed any more. */
    readonly onDropped: (threadId: string) => void;
}
/**
 * The threads that this client knows: those with a handle, those at work, and those that work for
 * them. It finds for every notification the thread that it is about, and drops a thread as soon as
 * it is idle and nothing refers to it.
 */
export declare class ThreadRegistry implements ThreadHolder {
    #private;
    readonly server: ThreadServer;
    readonly wakes: Wakes;
    constructor(server: ThreadServer, options: ThreadRegistryOptions);
    known(threadId: string): ThreadState | undefined;
    /** The thread's state, made if it isn't known yet. It is dropped once it is idle and unreferenced. */
    open(threadId: string): ThreadState;
    /** How many threads are known. */
    get size(): number;
    /**
     * Takes the line of a delta unparsed, where that makes no difference. False: it is to be parsed
     * and given to `accept`.
     */
    acceptLine(text: string): boolean;
    /** Lines of deltas may take another way from now on. */
    reroute(): void;
    accept(notification: Notification): void;
    /** `turnId` names the parent's turn that has begun the child, where that is known. */
    adopt(childId: string, parent: ThreadState, turnId?: string): void;
    adoptMissed(childId: string, parent: ThreadState, turnId: string, connection: CurrentConnection): void;
    settled(thread: ThreadState): void;
    interrupt(thread: ThreadState, record: TurnRecord): void;
    /** The connection is a new one: threads at work are subscribed to again and get what they missed. */
    connectionReplaced(connection: CurrentConnection): void;
    /** The session is over. */
    end(reason: Error): void;
}
//# sourceMappingURL=thread-registry.d.ts.map