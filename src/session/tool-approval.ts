import { isDeepStrictEqual } from "node:util";
import type { ThreadItem } from "../protocol/index.ts";
import { isToolApproval } from "../requests/elicitation.ts";
import { isRecord } from "../util/describe.ts";

/**
 * The MCP tool call that an elicitation asks approval for; undefined if it isn't an approval. An
 * MCP server can send an elicitation that pretends to be one. So an elicitation counts only if it
 * is exactly what the app-server sends for a running call: its text names that call's server and
 * tool, it has the call's arguments, and it asks for no input. Accepting a forged copy grants
 * nothing beyond what its text says.
 */
export function approvedToolCall(
  params: unknown,
  items: readonly ThreadItem[],
): ThreadItem | undefined {
  if (!isToolApproval(params)) return undefined;
  const { serverName, message, requestedSchema, _meta: meta } = params as Record<string, unknown>;
  if (!isEmptyForm(requestedSchema)) return undefined;
  const { tool_params } = meta as Record<string, unknown>;
  return items.find((item) => {
    if (item.type !== "mcpToolCall" || item.status !== "inProgress") return false;
    if (item.server !== serverName) return false;
    const asked = `Allow the ${item.server} MCP server to run tool "${item.tool}"?`;
    return message === asked && isDeepStrictEqual(tool_params ?? {}, item.arguments ?? {});
  });
}

function isEmptyForm(schema: unknown): boolean {
  if (!isRecord(schema) || schema.type !== "object") return false;
  const { type: _type, properties = {}, ...rest } = schema;
  return (
    isRecord(properties) && Object.keys(properties).length === 0 && Object.keys(rest).length === 0
  );
}
