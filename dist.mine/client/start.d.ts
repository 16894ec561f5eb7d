import type { PreparedOutput } from "../input/output-schema.js";
import type { Schema } from "../input/schema.js";
import type { ReviewTarget, TurnStartParams } from "../protocol/index.js";
import type { Session } from "../session/session.js";
import type { RequestOptions } from "../thread/thread-server.js";
import type { ThreadState } from "../thread/thread-state.js";
import type { TurnRecord } from "../turn/turn-record.js";
import type { LocalFiles } from "./local-files.js";
import { Turn, type WaitOptions } from "./turn.js";
import { type TurnInput, type TurnOptions, type TurnOutput } from "./turn-params.js";
/** What a turn needs from the thread that starts it. */
export interface TurnHost {
    readonly session: Session;
    readonly state: ThreadState;
    readonly files: LocalFiles;
}
/** Starts a turn with an input: `turn/start`. Its limits are counted from now. */
export declare function startInput<S extends Schema | undefined>({ session, state, files }: TurnHost, input: TurnInput, options: TurnOptions<S>): Promise<Turn<TurnOutput<S>>>;
/** Starts a turn with params that are sent as they are: `turn/start`. */
export declare function startWith<Output>({ session, state, files }: TurnHost, params: TurnStartParams, options: WaitOptions, output: PreparedOutput<Output> | undefined): Promise<Turn<Output>>;
/** Starts a review: `review/start`. */
export declare function startReview(host: TurnHost, target: ReviewTarget, options: RequestOptions): Promise<Turn<undefined>>;
/**
 * Runs a command in the thread's shell: `thread/shellCommand`.
 * @throws TypeError if the command isn't a non-empty string.
 */
export declare function startShell(host: TurnHost, command: string, options: RequestOptions): Promise<Turn<undefined>>;
/** A handle of a turn, no matter who started it. */
export declare function turnOf({ session, state, files }: TurnHost, record: TurnRecord): Turn<undefined>;
//# sourceMappingURL=start.d.ts.map