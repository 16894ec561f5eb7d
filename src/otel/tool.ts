import type { Attributes } from "@opentelemetry/api";
import { textOf } from "../text/json-text.ts";
import { type Foreign, recordOf, text } from "../timeline/foreign.ts";
import { ITEM_STATUS, OPERATION, TOOL_NAME } from "./attributes.ts";

/** An item of a turn that is a tool call. */
export interface Tool {
  readonly name: string;
  /** "function": this program runs it; "extension": the server does. */
  readonly type: "function" | "extension";
  readonly arguments: unknown;
  readonly result: unknown;
}

/** The item as a call; undefined if it isn't one. */
export function toolOf(item: Foreign): Tool | undefined {
  const { type } = item;
  switch (type) {
    case "commandExecution": {
      const { command, cwd, aggregatedOutput } = item;
      return extension("command", { command, cwd }, aggregatedOutput);
    }
    case "fileChange":
      return extension("fileChange", item.changes, undefined);
    case "mcpToolCall":
      return extension(`${text(item.server)}.${text(item.tool)}`, item.arguments, item.result);
    case "webSearch":
      return extension("webSearch", { query: item.query, action: item.action }, undefined);
    case "imageGeneration":
      return extension("imageGeneration", item.revisedPrompt, undefined);
    case "collabAgentToolCall":
      return extension(text(item.tool), item.prompt, undefined);
    case "dynamicToolCall": {
      const { namespace, tool, contentItems } = item;
      const name = typeof namespace === "string" ? `${namespace}.${text(tool)}` : text(tool);
      return { name, type: "function", arguments: item.arguments, result: contentItems };
    }
    default:
      return undefined;
  }
}

function extension(name: string, args: unknown, result: unknown): Tool {
  return { name, type: "extension", arguments: args, result };
}

/** What is known about a call when it starts. */
export function callAttributes(id: string, { name, type }: Tool): Attributes {
  return {
    [OPERATION]: "execute_tool",
    [TOOL_NAME]: name,
    "gen_ai.tool.type": type,
    "gen_ai.tool.call.id": id,
  };
}

/** How a call has ended. */
export function endAttributes(item: Foreign): Attributes {
  const { status, exitCode } = item;
  return {
    ...(typeof status === "string" ? { [ITEM_STATUS]: status } : {}),
    ...(typeof exitCode === "number" ? { "process.exit.code": exitCode } : {}),
  };
}

/** Why a call counts as failed: its state, or the kind of its error. */
export function failureOf(item: Foreign): string | undefined {
  const { status } = item;
  if (status !== "failed" && status !== "declined" && status !== "interrupted") return undefined;
  return text(recordOf(item.error).code) || status;
}

/** Arguments and result, which can have any size and content. */
export function contentAttributes({ arguments: args, result }: Tool): Attributes {
  return {
    ...(args === undefined ? {} : { "gen_ai.tool.call.arguments": textOf(args) }),
    ...(result === undefined ? {} : { "gen_ai.tool.call.result": textOf(result) }),
  };
}
