import { outputItem } from "./output.ts";
import { newId, type Part } from "./part.ts";

export interface CallOptions {
  /** The id of the call; its output has the same id. Default: a new one. */
  readonly callId?: string;
}

export interface FunctionCallOptions extends CallOptions {
  /** Namespace of the tool, if it has one. */
  readonly namespace?: string;
}

export interface CommandOptions extends CallOptions {
  /**
   * Reason for leaving the sandbox. If it is set and the policy allows it, the server asks for approval.
   */
  readonly escalate?: string;
  /** Further arguments of the server's `exec_command` tool, such as `workdir` or `yield_time_ms`. */
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Calls a function tool by name: the server's own, or one of `tools`. A string is sent unchanged, even if it isn't JSON. */
export function functionCall(
  name: string,
  args: unknown = {},
  { namespace, ...options }: FunctionCallOptions = {},
): Part {
  return call("fc", options, {
    type: "function_call",
    ...(namespace !== undefined && { namespace }),
    name,
    arguments: typeof args === "string" ? args : JSON.stringify(args),
  });
}

/** Runs a shell command with the server's `exec_command` tool. */
export function command(cmd: string, options: CommandOptions = {}): Part {
  const { escalate, args, ...rest } = options;
  const escalation =
    escalate === undefined
      ? {}
      : { sandbox_permissions: "require_escalated", justification: escalate };
  return functionCall("exec_command", { cmd, ...escalation, ...args }, rest);
}

/** Edits files with the server's `apply_patch` tool, in its patch format. */
export function patch(input: string, options: CallOptions = {}): Part {
  return call("ctc", options, { type: "custom_tool_call", name: "apply_patch", input });
}

function call(prefix: string, { callId }: CallOptions, fields: object): Part {
  return {
    *steps(draft) {
      const index = draft.nextOutput();
      const item = { id: newId(prefix), call_id: callId ?? newId("call"), ...fields };
      yield outputItem("added", index, item);
      yield outputItem("done", index, item);
    },
  };
}
