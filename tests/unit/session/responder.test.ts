import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { CodexOptions, RequestContext } from "../../../src/index.ts";
import { tool } from "../../../src/index.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";

const COMMAND = "item/commandExecution/requestApproval";
const FILE = "item/fileChange/requestApproval";
const PERMISSIONS = "item/permissions/requestApproval";
const ELICITATION = "mcpServer/elicitation/request";
const ids = { threadId: "t1", turnId: "u1", itemId: "i1" };

/** A client with a turn that runs on a thread of its own. */
async function runningTurn(options: CodexOptions = {}) {
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
const TOOL_APPROVAL = {
  ...{ threadId: "t1", turnId: "u1", serverName: "files", mode: "form" },
  message: 'Allow the files MCP server to run tool "share"?',
  requestedSchema: { type: "object", properties: {} },
  _meta: { codex_approval_kind: "mcp_tool_call", tool_params: { path: "/tmp" } },
};

/** What the client answers to one request. */
async function answerTo(method: string, params: object, options: CodexOptions = {}) {
  const { server, warnings } = await runningTurn(options);
  server.notify("item/started", { ...ids, item: TOOL_CALL });
  const { result, error } = await server.ask(method, params);
  return { result, error, codes: warnings.map(({ code }) => code) };
}

describe("approvals", () => {
  const granted = { network: { enabled: true } };
  const permissions = { ...ids, permissions: { ...granted, fileSystem: null } };
  const denied = { decision: { denied: { rejection: "The user declined." } } };

  test.each([
    [COMMAND, ids, { decision: "decline" }, { decision: "accept" }],
    [FILE, ids, { decision: "decline" }, { decision: "accept" }],
    [
      PERMISSIONS,
      permissions,
      { permissions: {}, scope: "turn" },
      { permissions: granted, scope: "turn" },
    ],
    [
      ELICITATION,
      TOOL_APPROVAL,
      { action: "decline", content: null, _meta: null },
      { action: "accept", content: null, _meta: null },
    ],
    ["execCommandApproval", { conversationId: "t1" }, denied, { decision: "approved" }],
    ["applyPatchApproval", { conversationId: "t1" }, denied, { decision: "approved" }],
  ])(
    "%s is declined by default, and accepted where the user says so",
    async (method, params, no, yes) => {
      const byDefault = await answerTo(method, params);
      expect(byDefault).toMatchObject({ result: no, codes: ["APPROVAL_DECLINED"] });
      expect(await answerTo(method, params, { approvals: "accept" })).toMatchObject({
        result: yes,
        codes: [],
      });
      expect(await answerTo(method, params, { approvals: "decline" })).toMatchObject({
        result: no,
        codes: [],
      });
    },
  );

  test("each kind has its own rule, and those without one are declined", async () => {
    const options = { approvals: { command: "accept" } } as const;
    expect((await answerTo(COMMAND, ids, options)).result).toEqual({ decision: "accept" });
    const file = await answerTo(FILE, ids, options);
    expect(file).toMatchObject({ result: { decision: "decline" }, codes: ["APPROVAL_DECLINED"] });
  });

  test.each([
    ["acceptForSession", "approved_for_session"],
    ["cancel", "abort"],
  ] as const)("the older requests spell %s as %s", async (decision, wire) => {
    const options = { approvals: { command: () => decision } };
    const { result } = await answerTo("execCommandApproval", {}, options);
    expect(result).toEqual({ decision: wire });
  });

  test("default refusals are told of once, whatever was asked", async () => {
    const { server, warnings } = await runningTurn();
    await server.ask(COMMAND, ids);
    await server.ask(COMMAND, ids);
    await server.ask(FILE, ids);
    expect(warnings).toHaveLength(1);
  });

  test.each([
    ["nothing", undefined],
    ["a misspelt decision", "yes"],
    ["a decision in a wrapping", { decision: "accept" }],
    ["an inherited name", "constructor"],
  ])(
    "a rule that returns %s declines, and a warning lists the valid decisions",
    async (_, value) => {
      const command = (() => value) as never;
      const { result, codes } = await answerTo(COMMAND, ids, { approvals: { command } });
      expect(result).toEqual({ decision: "decline" });
      expect(codes).toEqual(["INVALID_DECISION"]);
    },
  );

  test.each([
    ["decline", ["accept", "cancel"], "decline"],
    ["acceptForSession", ["accept", "cancel"], "accept"],
    ["accept", ["accept", "decline"], "accept"],
    ["cancel", ["accept", "decline"], "decline"],
  ])("%s where the request offers %j is sent as %s", async (decided, available, sent) => {
    const command = (() => decided) as never;
    const params = { ...ids, availableDecisions: available };
    const { result } = await answerTo(COMMAND, params, { approvals: { command } });
    expect(result).toEqual({ decision: sent });
  });

  test.each([
    ["another text", { message: "Share your home directory?" }],
    ["a form", { requestedSchema: { type: "object", properties: { dir: { type: "string" } } } }],
    ["a link", { mode: "url", url: "https://example.com" }],
    ["another server", { serverName: "other" }],
    ["other arguments", { _meta: { ...TOOL_APPROVAL._meta, tool_params: { path: "/" } } }],
    ["another turn", { turnId: "u2" }],
  ])(
    "an MCP server can't approve its own elicitation: %s is no tool approval",
    async (_, forged) => {
      const params = { ...TOOL_APPROVAL, ...forged };
      const { error } = await answerTo(ELICITATION, params, { approvals: "accept" });
      expect(error).toMatchObject({ code: -32601 });
    },
  );

  test("a handler of elicitations doesn't decide what tools may run", async () => {
    const handlers = { [ELICITATION]: () => ({ action: "accept", content: null, _meta: null }) };
    const { result } = await answerTo(ELICITATION, TOOL_APPROVAL, { handlers } as CodexOptions);
    expect(result).toMatchObject({ action: "decline" });
  });

  test("rules are copied when the client is made, inherited ones included", async () => {
    class Rules {
      command() {
        return "accept" as const;
      }
    }
    const rules = new Rules();
    const { server } = await runningTurn({ approvals: rules });
    Object.assign(rules, { command: () => "decline" });
    expect(await server.ask(COMMAND, ids)).toMatchObject({ result: { decision: "accept" } });
  });

  test("an elicitation that is no tool approval goes to its handler, else is refused", async () => {
    const { error, codes } = await answerTo(ELICITATION, ids, { approvals: "accept" });
    expect(error).toMatchObject({ code: -32601 });
    expect(codes).toEqual(["UNHANDLED_REQUEST"]);
  });
});

describe("handlers", () => {
  test("get params, item and method; their result is the answer", async () => {
    const seen: unknown[] = [];
    const { server } = await runningTurn({
      handlers: {
        [FILE]: (params, { item, method }) => {
          seen.push(params, item, method);
          return { decision: "acceptForSession" };
        },
      },
    });
    const item = { type: "fileChange", id: "i1", changes: [{ diff: "+x" }], status: "inProgress" };
    server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    const { result } = await server.ask(FILE, ids);
    expect(result).toEqual({ decision: "acceptForSession" });
    expect(seen).toEqual([ids, item, FILE]);
  });

  test('"*" answers what nobody else does, methods of newer servers included', async () => {
    const methods: string[] = [];
    const { server, warnings } = await runningTurn({
      approvals: "accept",
      handlers: {
        "*": (params, { method }) => {
          methods.push(method);
          return { echo: params };
        },
      },
    });
    expect((await server.ask("brand/new", { a: 1 })).result).toEqual({ echo: { a: 1 } });
    expect((await server.ask(COMMAND, ids)).result).toEqual({ decision: "accept" });
    const { result } = await server.ask("currentTime/read", { threadId: "t1" });
    expect(result).toEqual({ currentTimeAt: expect.any(Number) });
    expect(methods).toEqual(["brand/new"]);
    expect(warnings).toEqual([]);
  });

  test("that throw make an error for the server and a warning for the user", async () => {
    const cause = new Error("my fault");
    const { server, warnings, codex } = await runningTurn({
      handlers: {
        "item/tool/requestUserInput": () => {
          throw cause;
        },
      },
    });
    const { error } = await server.ask("item/tool/requestUserInput", ids);
    expect(error).toEqual({ code: -32603, message: "my fault" });
    expect(warnings).toMatchObject([{ code: "HANDLER_FAILED", cause }]);
    expect((await codex.threadStart()).id).toBe("t2");
  });

  test("may call the client and wait for it", async () => {
    const { server, codex } = await runningTurn({
      handlers: { "*": async () => (await codex.models()).data },
    });
    server.answer("model/list", () => ({ data: ["m"] }));
    expect((await server.ask("brand/new", {})).result).toEqual(["m"]);
  });

  test("are one for each request: several wait at once, and answers go out of order", async () => {
    const answers: ((value: string) => void)[] = [];
    const { server } = await runningTurn({
      handlers: { "*": () => new Promise((resolve) => answers.push(resolve)) },
    });
    const [first, second] = [server.ask("a", {}), server.ask("b", {})];
    await new Promise(setImmediate);
    answers[1]?.("B");
    expect((await second).result).toBe("B");
    answers[0]?.("A");
    expect((await first).result).toBe("A");
  });

  test("whose result is nothing answer null", async () => {
    const { result } = await answerTo("brand/new", {}, { handlers: { "*": () => undefined } });
    expect(result).toBeNull();
  });
});

describe("a request that nobody answers", () => {
  test("gets -32601, with one warning a method", async () => {
    const { server, warnings } = await runningTurn();
    for (const method of ["brand/new", "brand/new", "other/new"]) {
      const { error } = await server.ask(method, {});
      expect(error).toMatchObject({ code: -32601, message: expect.stringContaining(method) });
    }
    expect(warnings.map(({ code }) => code)).toEqual(["UNHANDLED_REQUEST", "UNHANDLED_REQUEST"]);
    expect(warnings[0]?.message).toContain('handlers: { "brand/new"');
  });

  test("is answered under its own id: from 0 on, and strings too", async () => {
    const { server } = await runningTurn();
    for (const id of [0, 1, "seven", ""]) {
      expect(await server.ask("brand/new", {}, id)).toMatchObject({ id, error: { code: -32601 } });
    }
  });

  test("without params is answered all the same", async () => {
    const { server } = await runningTurn({ approvals: "accept" });
    server.send({ id: 5, method: COMMAND });
    expect(await server.message(({ id }) => id === 5)).toMatchObject({
      result: { decision: "accept" },
    });
  });
});

describe("a request that the server withdraws", () => {
  async function pending(id: number | string = 0) {
    let handled = (_context: RequestContext): void => {};
    const context = new Promise<RequestContext>((resolve) => {
      handled = resolve;
    });
    let answer = (_decision: "accept"): void => {};
    const running = await runningTurn({
      approvals: {
        command: (_params, given) => {
          handled(given);
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    running.server.send({ id, method: COMMAND, params: ids });
    const { signal } = await context;
    const answered = () =>
      running.server.received.some((m) => m.id === id && m.method === undefined);
    return { ...running, signal, answered, answer: () => answer("accept") };
  }

  test.each([[0], ["text"]])(
    "by serverRequest/resolved: the signal aborts, a late answer is dropped",
    async (id) => {
      const { server, codex, signal, answer, answered } = await pending(id);
      expect(signal.aborted).toBe(false);
      server.notify("serverRequest/resolved", { threadId: "t1", requestId: id });
      expect(signal.aborted).toBe(true);
      answer();
      await codex.threadStart();
      expect(answered()).toBe(false);
    },
  );

  test("by the end of the turn, too", async () => {
    const { server, turn, signal, answer, answered, codex } = await pending();
    server.notify(...turnCompleted("t1", "u1", "interrupted"));
    await turn.run();
    await codex.threadStart();
    expect(signal.aborted).toBe(true);
    answer();
    await codex.threadStart();
    expect(answered()).toBe(false);
  });

  test("by the end of the connection, too", async () => {
    const { server, codex, signal, answer } = await pending();
    server.disconnect();
    await codex.closed;
    expect(signal.aborted).toBe(true);
    answer();
  });

  test("while another goes on: its own answer still goes out", async () => {
    const { server, answer, answered, signal } = await pending();
    server.notify("serverRequest/resolved", { threadId: "t1", requestId: 99 });
    expect(signal.aborted).toBe(false);
    answer();
    await server.message(({ id }) => id === 0);
    expect(answered()).toBe(true);
  });
});

describe("tool calls", () => {
  const call = { ...ids, callId: "c", namespace: null, tool: "look", arguments: { at: "it" } };
  const look = tool({
    name: "look",
    description: "Looks",
    input: z.object({ at: z.string() }),
    execute: ({ at }) => `saw ${at}`,
  });

  test("go to the tools of their thread", async () => {
    const { server, codex } = fakeClient();
    await codex.threadStart();
    await codex.threadStart({ tools: [look] });
    const mine = await server.ask("item/tool/call", { ...call, threadId: "t2" });
    expect(mine.result).toMatchObject({ success: true, contentItems: [{ text: "saw it" }] });
    const none = await server.ask("item/tool/call", call);
    expect(none.result).toMatchObject({
      success: false,
      contentItems: [{ text: 'This client has no tool named "look".' }],
    });
  });
});
