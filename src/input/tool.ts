import type { StandardTypedV1 } from "@standard-schema/spec";
import type { OutputIssue } from "../errors/output-issue.ts";
import { CodexWarning, type Warn } from "../errors/warning.ts";
import type {
  DynamicToolCallResponse,
  DynamicToolFunctionSpec,
  JsonValue,
} from "../protocol/index.ts";
import { boolean, type Check, requireOptions } from "../util/checks.ts";
import { describe, isRecord, messageOf } from "../util/describe.ts";
import { prepareSchema } from "./prepare-schema.ts";
import type { Schema } from "./schema.ts";
import { checkToolName } from "./tool-name.ts";
import {
  checkMedia,
  type ToolResult,
  toolFailure,
  toolSuccess,
  UnusableResult,
} from "./tool-result.ts";

/** A library can report a hundred thousand issues; the model needs only a few. */
const MAX_EXPLAINED = 20;

/** The turn that a tool call belongs to, and whether its result is still needed. */
export interface ToolContext {
  readonly threadId: string;
  readonly turnId: string;
  readonly callId: string;
  /** Aborts when the result is no longer needed. */
  readonly signal: AbortSignal;
}

/** The validated arguments: inferred from a Standard Schema, otherwise an object of unknown values. */
export type ToolArguments<S extends Schema> = S extends StandardTypedV1
  ? StandardTypedV1.InferOutput<S>
  : Record<string, unknown>;

export interface ToolDefinition<S extends Schema> {
  /** Up to 128 letters, digits, `_` and `-`. A built-in tool with the same name silently hides yours. */
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

/** A tool that runs in this process, for the `tools` option of a thread. */
export interface Tool {
  readonly spec: DynamicToolFunctionSpec;
  /**
   * Validates the arguments and executes the tool. Never rejects: the model receives the reason for
   * a failure. `warn` is called for a result that can't be sent.
   */
  call(args: JsonValue, context: ToolContext, warn?: Warn): Promise<DynamicToolCallResponse>;
  /** The definition passed to `tool`; undefined if the tool was created in another way. */
  readonly definition?: ToolDefinition<Schema>;
}

/**
 * Defines a tool that the model can call. `input` types and validates the arguments of `execute`.
 *
 * @throws {TypeError} for a name that the server refuses, an empty description, an `input` that
 * isn't an object schema, or an unknown option.
 * @throws {InvalidSchemaError} if `input` can't be converted to JSON Schema.
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
export function tool<S extends Schema>(definition: ToolDefinition<S>): Tool {
  checkDefinition(definition);
  const { name, description, input, deferLoading } = definition;
  const { jsonSchema, validate } = prepareSchema(input, `tool "${name}": input`);
  if (jsonSchema.type !== "object") {
    throw new TypeError(
      `tool "${name}": input must be an object schema, got one of type ${describe(jsonSchema.type)}`,
    );
  }
  return {
    spec: {
      name,
      description,
      inputSchema: jsonSchema,
      ...(deferLoading === undefined ? {} : { deferLoading }),
    },
    definition: definition as ToolDefinition<Schema>,
    call: async (args, context, warn) => {
      try {
        const checked = await validate(args);
        if (checked.issues !== undefined) return toolFailure(explain(name, checked.issues));
        const result = await definition.execute(checked.value as ToolArguments<S>, context);
        const response = toolSuccess(result);
        await checkMedia(response);
        return response;
      } catch (error) {
        const text = `Tool ${name} failed: ${messageOf(error)}`;
        if (error instanceof UnusableResult) {
          warn?.(new CodexWarning("TOOL_RESULT_UNUSABLE", text, { cause: error }));
        }
        return toolFailure(text);
      }
    },
  };
}

const DEFINITION: Readonly<Record<keyof ToolDefinition<Schema>, Check>> = {
  name: () => undefined,
  description: () => undefined,
  input: () => undefined,
  deferLoading: boolean,
  execute: () => undefined,
};

function checkDefinition<S extends Schema>(definition: ToolDefinition<S>): void {
  if (!isRecord(definition)) {
    throw new TypeError(`tool: the definition must be an object, got ${describe(definition)}`);
  }
  const { name, description, execute } = definition;
  checkToolName(name, "tool name", 128);
  requireOptions(`tool "${name}"`, definition, DEFINITION);
  if (typeof description !== "string" || description.trim() === "") {
    throw new TypeError(
      `tool "${name}": description must be a non-blank string that tells the model what it does, ` +
        `got ${describe(description)}`,
    );
  }
  if (typeof execute !== "function") {
    throw new TypeError(`tool "${name}": execute must be a function, got ${describe(execute)}`);
  }
}

function explain(name: string, issues: readonly OutputIssue[]): string {
  const lines = issues.slice(0, MAX_EXPLAINED).map(({ message, path }) => {
    return path.length === 0 ? `- ${message}` : `- ${path.map(String).join(".")}: ${message}`;
  });
  if (issues.length > MAX_EXPLAINED) lines.push(`- and ${issues.length - MAX_EXPLAINED} more`);
  return [
    `The arguments of ${name} don't match its schema:`,
    ...lines,
    "Correct them and call again.",
  ].join("\n");
}
