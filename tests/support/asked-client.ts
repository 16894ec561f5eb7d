import { expect } from "vitest";
import type { CodexOptions } from "../../src/index.ts";
import { failureOf } from "./e2e.ts";
import { fakeClient, turnStarted } from "./fake.ts";

export const COMMAND = "item/commandExecution/requestApproval";
export const FILE = "item/fileChange/requestApproval";
export const PERMISSIONS = "item/permissions/requestApproval";
export const ELICITATION = "mcpServer/elicitation/request";
export const QUESTIONS = "item/tool/requestUserInput";
export const ids = { threadId: "t1", turnId: "u1", itemId: "i1" };

/** A client with a running turn on its own thread. */
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

/** The client's answer to one request. */
export async function answerTo(method: string, params: object, options: CodexOptions = {}) {
  const { server, warnings } = await runningTurn(options);
  server.notify("item/started", { ...ids, item: TOOL_CALL });
  const { result, error } = await server.ask(method, params);
  return { result, error, codes: warnings.map(({ code }) => code) };
}

/** A client with a running turn; `ask` returns a request that became pending, and the answer to it. */
export async function asking(approvals: "ask" | object = "ask") {
  const client = await runningTurn({ approvals });
  const { requests } = client.codex;
  const ask = async (method: string, params: object, id?: number) => {
    const before = new Set(requests.pending.map((one) => one.id));
    const answer = client.server.ask(method, { ...ids, ...params }, id);
    for await (const request of requests) {
      if (!before.has(request.id)) return { request, answer };
    }
    throw new Error("the client has ended");
  };
  return { ...client, requests, ask };
}

/** An elicitation of an MCP server with a form. */
export function form(requestedSchema: unknown, more: object = {}) {
  return {
    ...{ serverName: "files", mode: "form", message: "Fill in", _meta: null },
    requestedSchema,
    ...more,
  };
}

/** The message of the error that refuses an answer. */
export async function refused(answer: Promise<void>): Promise<string> {
  const error = await failureOf(answer);
  expect(error).toMatchObject({ name: "InvalidAnswerError", code: "INVALID_ANSWER" });
  return error.message;
}
