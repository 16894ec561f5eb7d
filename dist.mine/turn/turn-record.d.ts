import type { ThreadItem, TurnError } from "../protocol/index.js";
import type { Notification } from "../rpc/messages.js";
import type { DeltaLine } from "./delta-line.js";
import { type TurnState } from "./fold.js";
import { LineOutlet } from "./line-outlet.js";
import type { LogReader } from "./log-reader.js";
import type { Wakes } from "./wakes.js";
/**
 * Where a turn stands on the server. `settling`: the server has ended it, and what this client has
 * missed of it is being fetched.
 */
export type TurnPhase = "starting" | "running" | "settling" | "ended";
/** What a record reports to its owner, the thread. None of these may throw. */
export interface TurnRecordEvents {
    /** The record has ended, for whatever reason. Called once. */
    ended(record: TurnRecord): void;
    /** The server retries to reach the model; undefined: it has reached it again. */
    retrying(record: TurnRecord, error: TurnError | undefined): void;
}
/** A turn as this client knows it: what has come of it, for those who read, and how it ended. */
export declare class TurnRecord {
    #private;
    readonly threadId: string;
    readonly turnId: string;
    /** Takes lines of deltas in the record's place, while it is open. */
    readonly outlet: LineOutlet;
    /** With `retain`, what comes before anybody reads is kept for readers; `wakes` wakes those of several turns together. */
    constructor(threadId: string, turnId: string, events: TurnRecordEvents, options: {
        retain: boolean;
        wakes?: Wakes | undefined;
    });
    get phase(): TurnPhase;
    /** Whether this program has started the turn. */
    get isOwn(): boolean;
    /** Whether somebody here waits for its outcome: it is brought up to date after a gap. */
    get isAwaited(): boolean;
    /** Resolves when the server has begun to work on the turn, or the turn is over. */
    get started(): Promise<void>;
    /** Resolves when the turn is over on the server, or nothing more can be known of it. */
    get ending(): Promise<void>;
    /** Resolves with how the turn ended; rejects when that can't be known, or with the reason of `abandon`. */
    get outcome(): Promise<TurnState>;
    /** Whether those who wait for the turn have their answer. */
    get hasOutcome(): boolean;
    /** What is known of the turn now, with the text that was streamed of items that are not completed. */
    get state(): TurnState;
    item(id: string): ThreadItem | undefined;
    /** All items, as they were last seen, in the order in which they were started. */
    items(): ThreadItem[];
    /** The ids of commands that were started and have not ended. */
    openCommands(): string[];
    /** Whether its start was seen. */
    get hasStarted(): boolean;
    /**
     * Whether it was seen from its start, and nothing shows that another client has started it: a goal
     * or a request has, or a message of this client, which `isOurs` recognises.
     */
    isOpenedHere(isOurs: (messageId: string) => boolean): boolean;
    /** Why this turn doesn't answer the message that it was started with; undefined when it may. */
    get unanswered(): string | undefined;
    read(): LogReader;
    /** Only the text of the agent's messages. */
    readText(): LogReader<string>;
    /** A start of ours began this turn, with this id for its message. */
    claim(clientMessageId: string | undefined): void;
    /** The user has a handle of the turn, no matter who started it. */
    follow(): void;
    accept(notification: Notification): void;
    /** The same as `accept` of the line's notification; false when only that can be accepted. */
    acceptLine(line: DeltaLine): boolean;
    /** Notifications may have been lost since the last one. From now on readers get what they would miss. */
    missed(): void;
    get hasGap(): boolean;
    /** The server has ended the turn; what was missed of it is being fetched. */
    settle(): void;
    /** The connection was lost while the turn was settling: the next one starts over. */
    unsettle(): void;
    /** Whether the turn's last token usage may have been lost. */
    get lacksUsage(): boolean;
    /** Puts the completed items into the server's order; those that it doesn't name go last. */
    arrange(itemIds: readonly string[]): void;
    /** What the server reported last, while it retries to reach the model. */
    get retryError(): TurnError | undefined;
    /** How often this was called since the last sign of the turn. */
    countSilence(): number;
    /** Ends the wait of everyone who waits for the turn, with this reason. On the server it continues. */
    abandon(reason: unknown): void;
    /** Whether the turn was given up here: on the server it may continue. */
    get isGivenUp(): boolean;
    /** Nothing more can be known of the turn. Those who wait get this error, after what had come. */
    fail(error: Error): void;
    /**
     * The thread is idle: a turn that this program hasn't started is over, or has not begun yet and
     * shows itself again.
     */
    drop(): void;
}
//# sourceMappingURL=turn-record.d.ts.map