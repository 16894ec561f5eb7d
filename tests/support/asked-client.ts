import type { CodexOptions } from "../../src/index.ts";
import { fakeClient, turnStarted } from "./fake.ts";

export const COMMAND = "item/commandExecution/requestApproval";
export const FILE = "item/fileChange/requestApproval";
export const PERMISSIONS = "item/permissions/requestApproval";
export const ELICITATION = "mcpServer/elicitation/request";
export const ids = { threadId: "t1", turnId: "u1", itemId: "i1" };

/** A client with a turn that runs on a thread of its own. */
export async function runningTurn(options: CodexOptions = {}) {
  const { server, codex, warnings } = fakeClient(options);
  const thread = await codex.threadStart();
  const starting = thread.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  server.notify(...turnStarted("t1", "u1"));
  return { server, codex, warnings, turn: await starting };
}

const TOOL_CALL = {
  type: "mcpToolCall",
  id: "call1",
  server: "files",
  tool: "share",
  arguments: { path: "/tmp" },
  status: "inProgress",
};

/** The request that the app-server makes of that tool call. */
export const TOOL_APPROVAL = {
  ...{ threadId: "t1", turnId: "u1", serverName: "files", mode: "form" },
  message: 'Allow the files MCP server to run tool "share"?',
  requestedSchema: { type: "object", properties: {} },
  _meta: { codex_approval_kind: "mcp_tool_call", tool_params: { path: "/tmp" } },
};

/** What the client answers to one request. */
export async function answerTo(method: string, params: object, options: CodexOptions = {}) {
  const { server, warnings } = await runningTurn(options);
  server.notify("item/started", { ...ids, item: TOOL_CALL });
  const { result, error } = await server.ask(method, params);
  return { result, error, codes: warnings.map(({ code }) => code) };
}
