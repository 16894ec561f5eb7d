import type { TurnInterruptResponse, TurnSteerResponse, UserInput } from "../protocol/index.js";
import type { TurnRecord } from "../turn/turn-record.js";
import type { RequestOptions } from "./thread-server.js";
import type { ThreadState } from "./thread-state.js";
export interface InterruptOptions extends RequestOptions {
    /**
     * How long the server may take to end the turn. After that the turn ends here as interrupted, with
     * what it has brought, and a server of this client's that didn't even answer is restarted where the
     * option `restart` allows it. In milliseconds; default: no limit.
     */
    readonly deadlineMs?: number | undefined;
}
/**
 * Interrupts the turn, as soon as the server has begun it: before that it refuses. The commands and
 * the sub-agents of the turn end too. Resolves for a turn that has ended, where some servers answer
 * with an error and others never.
 */
export declare function interruptTurn(thread: ThreadState, record: TurnRecord, options?: InterruptOptions): Promise<TurnInterruptResponse>;
export declare function interruptQuietly(thread: ThreadState, record: TurnRecord): void;
/** Adds input to the turn while it runs, as soon as the server has begun it: `turn/steer`. */
export declare function steerTurn(thread: ThreadState, record: TurnRecord, input: UserInput[], options?: RequestOptions): Promise<TurnSteerResponse>;
/** Waits for a turn to start. Once it runs, an abort interrupts it, and those who wait for it get the signal's reason. */
export declare function orInterrupted(thread: ThreadState, starting: Promise<TurnRecord>, signal: AbortSignal | undefined): Promise<TurnRecord>;
//# sourceMappingURL=stop-turn.d.ts.map