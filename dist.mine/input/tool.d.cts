import type { StandardTypedV1 } from "@standard-schema/spec";
import { type Warn } from "../errors/warning.cjs";
import type { DynamicToolCallResponse, DynamicToolFunctionSpec, JsonValue } from "../protocol/index.cjs";
import type { Schema } from "./schema.cjs";
import { type ToolResult } from "./tool-result.cjs";
/** The turn that a tool call belongs to, and whether its result is still needed. */
export interface ToolContext {
    readonly threadId: string;
    readonly turnId: string;
    readonly callId: string;
    /** Aborts when the result is no longer needed. */
    readonly signal: AbortSignal;
}
/** The validated arguments: inferred from a Standard Schema, otherwise an object of unknown values. */
export type ToolArguments<S extends Schema> = S extends StandardTypedV1 ? StandardTypedV1.InferOutput<S> : Record<string, unknown>;
export interface ToolDefinition<S extends Schema> {
    /** Up to 128 letters, digits, `_` and `-`. A built-in tool of the same name silently hides it. */
    readonly name: string;
    /** Tells the model what the tool does, and when to use it. */
    readonly description: string;
    /** An object schema. */
    readonly input: S;
    /** Whether the model has to search for the tool instead of seeing it from the start. Only in a namespace. Default false. */
    readonly deferLoading?: boolean | undefined;
    /** Does the work. If it throws, the call fails and the model reads the error's message. */
    execute(args: ToolArguments<S>, context: ToolContext): ToolResult;
}
/** A tool that runs in this process, for the option `tools` of a thread. */
export interface Tool {
    readonly spec: DynamicToolFunctionSpec;
    /**
     * Validates the arguments and executes the tool. Never rejects: the model reads what went wrong.
     * `warn` is called for a result that can't be sent.
     */
    call(args: JsonValue, context: ToolContext, warn?: Warn): Promise<DynamicToolCallResponse>;
    /** The definition passed to `tool`; undefined if the tool was created in another way. */
    readonly definition?: ToolDefinition<Schema>;
}
/**
 * Defines a tool that the model can call. `input` types and validates the arguments of `execute`.
 *
 * @throws {TypeError} a name that the server refuses, an empty description, an `input` that isn't
 *   an object schema, or an unknown option.
 * @throws {InvalidSchemaError} `input` can't be converted to JSON Schema.
 *
 * @example
 * const add = tool({
 *   name: "add",
 *   description: "Adds two numbers.",
 *   input: z.object({ a: z.number(), b: z.number() }),
 *   execute: ({ a, b }) => a + b,
 * });
 * const thread = await codex.threadStart({ tools: [add] });
 */
export declare function tool<S extends Schema>(definition: ToolDefinition<S>): Tool;
//# sourceMappingURL=tool.d.ts.map