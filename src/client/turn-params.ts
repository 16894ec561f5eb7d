import {
  type ExternalMessage,
  isExternalMessage,
  toolOutputOf,
} from "../input/external-message.ts";
import type { Input } from "../input/input.ts";
import type { PreparedOutput } from "../input/output-schema.ts";
import { prepareInput } from "../input/prepare-input.ts";
import type { OutputOf, Schema } from "../input/schema.ts";
import type { SandboxMode, TurnStartParams } from "../protocol/index.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { LocalFiles } from "./local-files.ts";
import { sandboxPolicyOf } from "./sandbox.ts";
import type { WaitOptions } from "./turn.ts";
import type { Optional } from "./types.ts";

/**
 * Options of a turn: every field of `turn/start` except the input, and options that this client
 * adds. Settings such as `sandboxPolicy`, `model` and `cwd` stay in effect for later turns of the
 * thread.
 */
export interface TurnOptions<S extends Schema | undefined = undefined>
  extends Optional<Omit<TurnStartParams, "threadId" | "input" | "outputSchema">>,
    WaitOptions {
  /**
   * Schema of the answer: a JSON Schema, or a Standard Schema (zod, valibot, arktype, …), which
   * also types `result.output`.
   */
  readonly outputSchema?: S;
  /**
   * Set to false for model endpoints that have no strict mode. Schemas can then have optional keys
   * and open objects. Default true.
   */
  readonly strict?: boolean | undefined;
  /**
   * The name of the sandbox, instead of `sandboxPolicy`. It stays in effect for later turns of the
   * thread.
   */
  readonly sandbox?: SandboxMode | undefined;
}

/** The whole input of a turn. */
export type TurnInput = Input | ExternalMessage;

/** The output of a turn with an `outputSchema` of this type. */
export type TurnOutput<S extends Schema | undefined> = S extends Schema ? OutputOf<S> : undefined;

/**
 * The params of `turn/start` for an input and options, and the reader of the turn's output. `signal`
 * ends the requests that this sends.
 * @throws InvalidInputError, InvalidSchemaError, TypeError.
 */
export async function turnParams<S extends Schema | undefined>(
  thread: ThreadState,
  files: LocalFiles,
  input: TurnInput,
  options: TurnOptions<S>,
  signal: AbortSignal | undefined,
): Promise<{ params: TurnStartParams; output: PreparedOutput<TurnOutput<S>> | undefined }> {
  const { signal: _, timeoutMs: __, outputSchema, strict, sandbox, ...given } = options;
  const settings = sandbox === undefined ? {} : sandboxSetting(sandbox, given);
  const output = outputSchema && (await prepareOutput(outputSchema, strict));
  await files.checkCwd(options.cwd);
  const asked = isExternalMessage(input)
    ? { input: [], toolOutput: toolOutputOf(input) }
    : { input: await prepareInput(input, files.inputOptions(thread, options.cwd, { signal })) };
  const params: TurnStartParams = {
    ...(given as Partial<TurnStartParams>),
    ...settings,
    ...asked,
    threadId: thread.id,
  };
  if (output) params.outputSchema = output.jsonSchema;
  return { params, output: output as PreparedOutput<TurnOutput<S>> | undefined };
}

async function prepareOutput(schema: Schema, strict: boolean | undefined) {
  // Only programs that ask for structured output pay for loading it.
  const prepare = await import("../input/output-schema.ts");
  return prepare.prepareOutput(schema, { strict });
}

function sandboxSetting(
  sandbox: SandboxMode,
  { sandboxPolicy }: { readonly sandboxPolicy?: unknown },
): Pick<TurnStartParams, "sandboxPolicy"> {
  if (sandboxPolicy != null) throw new TypeError("Set sandbox or sandboxPolicy, not both");
  return { sandboxPolicy: sandboxPolicyOf(sandbox) };
}
