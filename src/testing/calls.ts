import { outputItem } from "./output.ts";
import { newId, type Part } from "./part.ts";

export interface CallOptions {
  /** The id under which the call's output comes back; a new one by default. */
  readonly callId?: string;
}

export interface CommandOptions extends CallOptions {
  /** Why the command must leave the sandbox. Given, the server asks for approval, where the policy lets it. */
  readonly escalate?: string;
  /** Further arguments of the server's `exec_command` tool, such as `workdir` or `yield_time_ms`. */
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Calls a function tool by name: the server's own, or a dynamic one. A string goes out as it is, valid JSON or not. */
export function functionCall(name: string, args: unknown = {}, options: CallOptions = {}): Part {
  return call("fc", options, {
    type: "function_call",
    name,
    arguments: typeof args === "string" ? args : JSON.stringify(args),
  });
}

/** Runs a shell command through the server's `exec_command` tool. */
export function command(cmd: string, options: CommandOptions = {}): Part {
  const { escalate, args, ...rest } = options;
  const escalation =
    escalate === undefined
      ? {}
      : { sandbox_permissions: "require_escalated", justification: escalate };
  return functionCall("exec_command", { cmd, ...escalation, ...args }, rest);
}

/** Changes files through the server's `apply_patch` tool, in that tool's own patch language. */
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
