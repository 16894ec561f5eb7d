import type { Thread as NativeThread } from "../client/thread.js";
import type { ThreadEvent, Usage } from "./events.js";
import type { ThreadItem } from "./items.js";
import type { Input, ThreadOptions, TurnOptions } from "./options.js";
import type { Server } from "./server.js";
/** A turn that has completed. */
export interface Turn {
    items: ThreadItem[];
    /** The text of the last message of the agent. */
    finalResponse: string;
    /** The tokens that the thread has used so far. */
    usage: Usage | null;
}
export type RunResult = Turn;
export interface StreamedTurn {
    /** Reading starts the turn; leaving the loop interrupts it. */
    events: AsyncGenerator<ThreadEvent>;
}
export type RunStreamedResult = StreamedTurn;
/** What a thread needs from its `Codex`; not public. */
export interface ThreadInternals {
    readonly server: Server;
    /** Programs in JavaScript pass null too. */
    readonly options: ThreadOptions | null;
    readonly id: string | null;
}
/**
 * A conversation with the agent, as in `@openai/codex-sdk`. Created by `Codex.startThread` and
 * `Codex.resumeThread`.
 */
export declare class Thread {
    #private;
    constructor({ server, options, id }: ThreadInternals);
    /** Null until the first turn has started. */
    get id(): string | null;
    /** Runs a turn, and yields its events as they come. Nothing happens before the first is read. */
    runStreamed(input: Input, turnOptions?: TurnOptions): Promise<StreamedTurn>;
    /**
     * Runs a turn, and resolves when it has completed.
     * @throws Error with the server's message if the turn fails; AbortError if the signal aborts.
     */
    run(input: Input, turnOptions?: TurnOptions): Promise<Turn>;
    /**
     * The thread of the underlying client, for what this class doesn't have: approvals, tools, input
     * for a running turn, history. It is started or resumed if necessary, and stays loaded.
     */
    native(): Promise<NativeThread>;
}
//# sourceMappingURL=thread.d.ts.map