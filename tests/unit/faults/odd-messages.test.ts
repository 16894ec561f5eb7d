import { describe, expect, it, vi } from "vitest";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";
import { withOddPlaces } from "../../support/odd-places.ts";
import { listOf, runningTurn, threadIs } from "../../support/running-turn.ts";

const DEEP = 20_000;
const deepArray = () => "[".repeat(DEEP) + "]".repeat(DEEP);
const deepObject = () => `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`;

vi.setConfig({ testTimeout: 8_000 });

/** A client with a running turn, and a check that the client still reads messages. */
async function running(options: Parameters<typeof fakeClient>[0] = {}) {
  const { server, codex, warnings } = fakeClient(options);
  server.answer("model/list", () => ({ data: [], nextCursor: null }));
  const thread = await codex.threadStart();
  const starting = thread.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  const turn = await starting;
  server.notify(...turnStarted("t1", "u1"));
  const livesOn = async () => {
    expect(await codex.modelList()).toEqual({ data: [], nextCursor: null });
    server.notify(...messageCompleted("t1", "u1", "whole"));
    server.notify(...turnCompleted("t1", "u1"));
    expect(await turn.run()).toMatchObject({ status: "completed", text: "whole" });
    expect(codex.status.state).toBe("ready");
    await codex.close();
  };
  return { server, codex, thread, turn, warnings, livesOn };
}

describe("an answer", () => {
  it("with a result and the error null is a success", async () => {
    const { server, codex, livesOn } = await running();
    const asking = codex.request("account/read", {});
    const { id } = await server.request("account/read");
    server.send({ id, result: { config: 1 }, error: null });
    expect(await asking).toEqual({ config: 1 });
    await livesOn();
  });

  it.each([
    ["a string", '"no"'],
    ["a number", "5"],
    ["true", "true"],
    ["an empty object", "{}"],
    ["an object with null members", '{"code":null,"message":null}'],
    ["data that is nested without end", `{"code":-32600,"message":"no","data":${deepArray()}}`],
  ])("whose error is %s rejects its call", async (_what, error) => {
    const { server, codex, livesOn } = await running();
    const asking = codex.request("account/read", {}).then(
      () => "resolved",
      () => "rejected",
    );
    const { id } = await server.request("account/read");
    server.sendText(`{"id":${id},"error":${error}}`);
    expect(await asking).toBe("rejected");
    await livesOn();
  });

  it("that is nested endlessly settles its call", async () => {
    const { server, codex, livesOn } = await running();
    const asking = codex.request("account/read", {}).then(
      () => "settled",
      () => "settled",
    );
    const { id } = await server.request("account/read");
    server.sendText(`{"id":${id},"result":${deepObject()}}`);
    expect(await asking).toBe("settled");
    await livesOn();
  });
});

describe("a notification", () => {
  const about = { threadId: "t1", turnId: "u1" };
  const odd: Record<string, [method: string, params: unknown]> = {
    "whose started item is null": ["item/started", { ...about, item: null }],
    "whose completed item is null": ["item/completed", { ...about, item: null }],
    "whose item is a string": ["item/completed", { ...about, item: "text" }],
    "whose item has no type": ["item/completed", { ...about, item: { id: "x" } }],
    "whose item has no id": ["item/started", { ...about, item: { type: "agentMessage" } }],
    "whose message has no text": [
      "item/completed",
      { ...about, item: { type: "agentMessage", id: "x" } },
    ],
    "whose command has no output": [
      "item/completed",
      { ...about, item: { type: "commandExecution", id: "x" } },
    ],
    "whose reasoning has no parts": [
      "item/completed",
      { ...about, item: { type: "reasoning", id: "x", summary: null, content: [null] } },
    ],
    "whose delta is null": ["item/agentMessage/delta", { ...about, itemId: "x", delta: null }],
    "whose status is null": ["thread/status/changed", { threadId: "t1", status: null }],
    "whose turn is null": ["turn/started", { threadId: "t1", turn: null }],
    "whose completed turn is null": ["turn/completed", { threadId: "t1", turn: null }],
    "whose error is null": ["error", { ...about, error: null, willRetry: true }],
    "whose usage is null": ["thread/tokenUsage/updated", { ...about, tokenUsage: null }],
    "whose thread is null": ["thread/started", { thread: null }],
    "that resolves nothing": ["serverRequest/resolved", { threadId: "t1", requestId: null }],
    "that warns about nothing": ["configWarning", { summary: null, details: null }],
  };
  it.each(Object.entries(odd))("%s does no harm", async (_what, [method, params]) => {
    const { server, livesOn } = await running();
    server.notify(method, params);
    await livesOn();
  });

  it.each(["turn/diff/updated", "item/completed", "no/such/method", "configWarning"])(
    "%s that is nested endlessly does no harm",
    async (method) => {
      const { server, codex, turn, livesOn } = await running();
      const notifications = codex.notifications();
      const events = turn.stream();
      const deep = deepObject();
      const item = `{"type":"x","id":"x","data":${deep}}`;
      const params = `{"threadId":"t1","turnId":"u1","item":${item},"diff":${deep},"summary":${deep}}`;
      server.sendText(`{"method":"${method}","params":${params}}`);
      expect((await notifications.next()).value).toMatchObject({ method });
      await events.return?.(undefined);
      await livesOn();
    },
  );
});

describe("a server request", () => {
  const ASK = "item/commandExecution/requestApproval";

  it("that arrives twice with one id is handled once, however deep its params are", async () => {
    let asked = 0;
    const { server, livesOn } = await running({
      handlers: {
        "*": () => {
          asked++;
          return { ok: true };
        },
      },
    });
    const text = `{"id":7,"method":"brand/new","params":{"threadId":"t1","data":${deepArray()}}}`;
    server.sendText(text);
    server.sendText(text);
    const answer = await server.message((one) => one.id === 7 && one.method === undefined);
    expect(answer).toMatchObject({ result: { ok: true } });
    await livesOn();
    expect(asked).toBe(1);
  });

  it("with the id of another open request affects neither the reader nor the turn", async () => {
    const { server, livesOn } = await running({
      approvals: { command: () => new Promise<"accept">(() => {}) },
    });
    server.send({ id: 0, method: ASK, params: { threadId: "t1", turnId: "u1", itemId: "i1" } });
    server.send({ id: 0, method: ASK, params: { threadId: "t1", turnId: "u1", itemId: "i2" } });
    await livesOn();
  });

  it("whose params are nested endlessly is answered", async () => {
    const { server, livesOn } = await running({ approvals: "accept" });
    const params = `{"threadId":"t1","turnId":"u1","itemId":"i1","more":${deepObject()}}`;
    server.sendText(`{"id":3,"method":"${ASK}","params":${params}}`);
    const answer = await server.message((one) => one.id === 3 && one.method === undefined);
    expect(answer).toMatchObject({ result: { decision: "accept" } });
    await livesOn();
  });
});

describe("exceptions thrown by", () => {
  const odd: Record<string, () => unknown> = {
    "an object without a prototype": () => Object.create(null),
    "a symbol": () => Symbol("odd"),
    undefined: () => undefined,
    "an object whose members throw": () =>
      new Proxy(
        {},
        {
          get() {
            throw new Error("no member");
          },
        },
      ),
  };

  it.each(Object.entries(odd))(
    "a listener, %s, stops neither the others nor the reader",
    async (_what, make) => {
      const { server, codex, warnings, livesOn } = await running();
      const heard: unknown[] = [];
      codex.on("brand/new", () => {
        throw make();
      });
      codex.on("brand/new", (params) => heard.push(params));
      server.notify("brand/new", 1);
      expect(heard).toEqual([1]);
      expect(warnings).toMatchObject([{ code: "LISTENER_FAILED" }]);
      await livesOn();
    },
  );

  it.each(Object.entries(odd))("onWarning, %s, stops nothing", async (_what, make) => {
    const { server, livesOn } = await running({
      onWarning: () => {
        throw make();
      },
    });
    server.sendText("no JSON");
    await livesOn();
  });

  it.each(Object.entries(odd))(
    "onWarning, %s, stops nothing when it is rejected",
    async (_what, make) => {
      const { server, livesOn } = await running({ onWarning: () => Promise.reject(make()) });
      const heard = new Promise<Error>((resolve) => process.once("warning", resolve));
      server.sendText("no JSON");
      expect((await heard).message).toContain("no JSON");
      await livesOn();
    },
  );

  it.each(Object.entries(odd))("a rule, %s, is an error for the server", async (_what, make) => {
    const { server, warnings, livesOn } = await running({
      approvals: {
        command: () => {
          throw make();
        },
      },
    });
    const answer = await server.ask(ASK_COMMAND, { threadId: "t1", turnId: "u1", itemId: "i1" });
    expect(answer).toMatchObject({ error: { code: expect.any(Number) } });
    expect(warnings).toMatchObject([{ code: "HANDLER_FAILED" }]);
    await livesOn();
  });

  it.each(Object.entries(odd))(
    "a listener of the status, %s, stops nothing",
    async (_what, make) => {
      const { server, codex } = fakeClient();
      server.answer("model/list", () => ({ data: [], nextCursor: null }));
      codex.onStatus(() => {
        throw make();
      });
      expect(await codex.modelList()).toEqual({ data: [], nextCursor: null });
      await codex.close();
    },
  );
});

const ASK_COMMAND = "item/commandExecution/requestApproval";

describe("a value that can't become text, anywhere in", () => {
  const about = { threadId: "t1", turnId: "u1" };
  const command = {
    ...{ type: "commandExecution", id: "c1", command: "make", cwd: "/", processId: "1" },
    ...{ status: "inProgress", commandActions: [{ type: "unknown", command: "make" }] },
    ...{ aggregatedOutput: null, exitCode: null, durationMs: null, source: "agent" },
  };
  const agent = { type: "subAgentActivity", id: "s1", kind: "started", agentThreadId: "t2" };
  const user = {
    type: "userMessage",
    id: "m0",
    clientId: null,
    content: [{ type: "text", text: "hi" }],
  };
  const message = { type: "agentMessage", id: "m1", text: "", phase: null };
  const notifications: Record<string, object> = {
    "turn/started": {
      threadId: "t1",
      turn: { id: "u1", rootTurnId: "u1", status: "inProgress", items: [user] },
    },
    "thread/status/changed": { threadId: "t1", status: { type: "active", activeFlags: [] } },
    "thread/tokenUsage/updated": {
      ...about,
      tokenUsage: { total: { totalTokens: 1 }, last: null },
    },
    "thread/settings/updated": { threadId: "t1", threadSettings: { model: "m", cwd: "/" } },
    "thread/name/updated": { threadId: "t1", threadName: "n" },
    "thread/started": {
      thread: { id: "t2", parentThreadId: "t1", status: { type: "idle" }, turns: [] },
    },
    "item/started": { ...about, item: command, startedAtMs: 1 },
    "item/completed": { ...about, item: { ...command, status: "completed", exitCode: 0 } },
    "item/commandExecution/outputDelta": { ...about, itemId: "c1", delta: "out" },
    "item/agentMessage/delta": { ...about, itemId: "m1", delta: "text" },
    "turn/diff/updated": { ...about, diff: "d" },
    "turn/plan/updated": { ...about, explanation: null, plan: [{ step: "s", status: "pending" }] },
    error: { ...about, error: { message: "m", codexErrorInfo: null }, willRetry: true },
    warning: { threadId: "t1", message: "w" },
  };
  const items = { agent, user, message };

  it.each([
    ...Object.entries(notifications),
    ...Object.entries(items).map(([name, item]) => [`item/started of ${name}`, { ...about, item }]),
  ] as [string, object][])("%s doesn't harm the turn", async (name, params) => {
    const method = name.split(" ", 1)[0] ?? name;
    for (const { path, data } of withOddPlaces(params)) {
      const { server, warnings, livesOn } = await running();
      server.notify(method, data as object);
      await livesOn();
      const threw = warnings.filter(({ message }) => message.includes("threw"));
      expect([path, threw.map(({ cause }) => String((cause as Error).stack))]).toEqual([path, []]);
    }
  });

  it("the history that completes a turn after a lost connection doesn't block it", async () => {
    const times = { startedAtMs: 1, completedAtMs: 2 };
    const all = [user, command, message, agent].map((item) => ({ ...item, ...times }));
    const turn = { id: "u1", rootTurnId: "u1", status: "completed", error: null, startedAt: 1 };
    for (const { path, data } of withOddPlaces({ ...turn, items: all })) {
      const { server, codex, turn, warnings } = await runningTurn();
      server.notify("item/started", { ...about, item: all[1] });
      server.answer("thread/resume", () => threadIs("idle"));
      server.answer("thread/turns/list", () => listOf(data as object));
      server.disconnect();
      const settled = turn.run({ timeoutMs: 400 }).then(
        ({ status }) => status,
        ({ code }) => code,
      );
      const threw = warnings.filter(({ message }) => message.includes("threw"));
      expect([path, await settled, threw]).toEqual([path, expect.any(String), []]);
      await codex.close();
    }
  });
});
