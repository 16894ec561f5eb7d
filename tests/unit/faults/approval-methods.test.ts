import { describe, expect, it } from "vitest";
import type { CodexOptions } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnStarted } from "../../support/fake.ts";

/** A client with a turn that runs an MCP tool. */
async function running(options: CodexOptions) {
  const { server, codex } = fakeClient({ onWarning: () => {}, ...options });
  const thread = await codex.threadStart();
  const starting = thread.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  await starting;
  server.notify(...turnStarted("t1", "u1"));
  const item = {
    ...{ type: "mcpToolCall", id: "i1", server: "odd", tool: "go", status: "inProgress" },
    ...{ arguments: {}, result: null, error: null },
  };
  server.notify("item/started", { threadId: "t1", turnId: "u1", item });
  return { server, codex };
}

const about = { threadId: "t1", turnId: "u1", itemId: "i1" };
const legacy = { conversationId: "t1", callId: "c1" };
const elicitation = {
  ...{ threadId: "t1", turnId: "u1", serverName: "odd", mode: "form" },
  message: 'Allow the odd MCP server to run tool "go"?',
  requestedSchema: { type: "object", properties: {} },
  _meta: { codex_approval_kind: "mcp_tool_call", tool_params: {} },
};

/** Every request by which the server asks for an approval, what a handler accepts it with, and how it is declined. */
const methods: Record<string, [params: object, accepted: unknown, declined: unknown]> = {
  "item/commandExecution/requestApproval": [
    { ...about, command: "ls" },
    { decision: "accept" },
    { decision: "decline" },
  ],
  "item/fileChange/requestApproval": [about, { decision: "accept" }, { decision: "decline" }],
  "item/permissions/requestApproval": [
    { ...about, permissions: { network: { enabled: true } } },
    { permissions: { network: { enabled: true } }, scope: "turn" },
    { permissions: {}, scope: "turn" },
  ],
  "mcpServer/elicitation/request": [
    elicitation,
    { action: "accept", content: null, _meta: null },
    { action: "decline" },
  ],
  execCommandApproval: [
    { ...legacy, command: ["ls"], cwd: "/" },
    { decision: "approved" },
    { decision: { denied: {} } },
  ],
  applyPatchApproval: [
    { ...legacy, fileChanges: {} },
    { decision: "approved" },
    { decision: { denied: {} } },
  ],
};

describe.each(Object.entries(methods))("%s", (method, [params, accepted, declined]) => {
  const handlers = { [method]: () => accepted, "*": () => accepted } as CodexOptions["handlers"];

  it.each([
    ["decline", "decline" as const],
    ["rules that name no such kind", {}],
  ])("is declined by approvals: %s, whatever the handlers accept", async (_what, approvals) => {
    const { server, codex } = await running({ approvals, handlers });
    const { result } = await server.ask(method, params);
    expect(result).toMatchObject(declined as object);
    expect(result).not.toEqual(accepted);
    await codex.close();
  });
});

describe("the older request for a command", () => {
  it("accepts a policy amendment", async () => {
    const amendment = ["git", "status"];
    const { server, codex } = await running({
      approvals: {
        command: () => ({ acceptWithExecpolicyAmendment: { execpolicy_amendment: amendment } }),
      },
    });
    const answer = await server.ask("execCommandApproval", {
      ...legacy,
      command: ["git"],
      cwd: "/",
    });
    expect(answer.result).toEqual({
      decision: {
        approved_execpolicy_amendment: { proposed_execpolicy_amendment: amendment },
      },
    });
    await codex.close();
  });
});

describe("codex.threads()", () => {
  it.each([
    ["the same cursor again and again", () => "same"],
    ["two cursors in turn", (page: number) => (page % 2 === 0 ? "even" : "odd")],
  ])("ends with an error when the server gives %s", async (_what, cursor) => {
    const { server, codex } = fakeClient();
    let pages = 0;
    server.answer("thread/list", (_params, request) => {
      if (++pages > 20) return request.fail(-32600, "asked too often");
      return { data: [{ id: `t${pages}` }], nextCursor: cursor(pages) };
    });
    const error = await failureOf(
      (async () => {
        for await (const _ of codex.threads());
      })(),
    );
    expect(error.message).toMatch(/returned the cursor "(same|even|odd)" twice/);
    expect(pages).toBeLessThan(5);
    await codex.close();
  });
});
