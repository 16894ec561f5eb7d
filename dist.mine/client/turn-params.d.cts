import { type ExternalMessage } from "../input/external-message.cjs";
import type { Input } from "../input/input.cjs";
import { type PreparedOutput } from "../input/output-schema.cjs";
import type { OutputOf, Schema } from "../input/schema.cjs";
import type { SandboxMode, TurnStartParams } from "../protocol/index.cjs";
import type { ThreadState } from "../thread/thread-state.cjs";
import type { LocalFiles } from "./local-files.cjs";
import type { WaitOptions } from "./turn.cjs";
import type { Optional } from "./types.cjs";
/**
 * Options of a turn: every other field of `turn/start`, and those that this client adds. Settings
 * such as `sandboxPolicy`, `model` and `cwd` stay on the thread for its later turns.
 */
export interface TurnOptions<S extends Schema | undefined = undefined> extends Optional<Omit<TurnStartParams, "threadId" | "input" | "outputSchema">>, WaitOptions {
    /**
     * Schema of the answer: a JSON Schema, or a Standard Schema (zod, valibot, arktype, …), which
     * also types `result.output`.
     */
    readonly outputSchema?: S;
    /**
     * False for model endpoints without a strict mode, which accept schemas with optional keys and
     * open objects. Default true.
     */
    readonly strict?: boolean | undefined;
    /**
     * The sandbox by its name, instead of `sandboxPolicy`. It stays on the thread for its later turns.
     */
    readonly sandbox?: SandboxMode | undefined;
}
/** The whole input of a turn. */
export type TurnInput = Input | ExternalMessage;
/** The output of a turn with an `outputSchema` of this type. */
export type TurnOutput<S extends Schema | undefined> = S extends Schema ? OutputOf<S> : undefined;
/**
 * The params of `turn/start` for an input and options, and what reads the turn's output.
 * @throws InvalidInputError, InvalidSchemaError, TypeError.
 */
export declare function turnParams<S extends Schema | undefined>(thread: ThreadState, files: LocalFiles, input: TurnInput, options: TurnOptions<S>): Promise<{
    params: TurnStartParams;
    output: PreparedOutput<TurnOutput<S>> | undefined;
}>;
//# sourceMappingURL=turn-params.d.ts.map