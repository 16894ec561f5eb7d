import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Codex, type PendingRequest, unescapeVisible } from "../../../src/index.ts";
import { describeRequest } from "../../../src/requests/describe-request.ts";
import { PendingRequests } from "../../../src/session/pending-requests.ts";
import { formOf } from "../../../src/session/request-form.ts";
import {
  COMMAND,
  ELICITATION,
  FILE,
  ids,
  runningTurn,
  TOOL_APPROVAL,
} from "../../support/asked-client.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted } from "../../support/fake.ts";

vi.mock("../../../src/requests/describe-request.ts", { spy: true });

const QUESTIONS = "item/tool/requestUserInput";

/** A client with a running turn whose requests wait; `ask` returns a request and the server's answer. */
async function asking(approvals: "ask" | object = "ask") {
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

function form(requestedSchema: unknown, more: object = {}) {
  return {
    ...{ serverName: "files", mode: "form", message: "Fill in", _meta: null },
    requestedSchema,
    ...more,
  };
}

/** The message of the error with which an answer is refused. */
async function refused(answer: Promise<void>): Promise<string> {
  const error = await failureOf(answer);
  expect(error).toMatchObject({ name: "InvalidAnswerError", code: "INVALID_ANSWER" });
  return error.message;
}

describe("an answer", () => {
  test("is the option's, in whatever order the requests came", async () => {
    const { ask, requests } = await asking();
    const first = await ask(COMMAND, { command: "one" });
    const second = await ask(COMMAND, { command: "two" });
    await requests.answer(second.request.id, "acceptForSession");
    await first.request.answer("cancel");
    expect((await second.answer).result).toEqual({ decision: "acceptForSession" });
    expect((await first.answer).result).toEqual({ decision: "cancel" });
    expect(requests.pending).toEqual([]);
  });

  test("can decline even if that isn't listed", async () => {
    const { ask } = await asking();
    const { request, answer } = await ask(COMMAND, {
      ...{ command: "ls", availableDecisions: ["accept", "cancel"] },
    });
    expect(request.options.map(({ id }) => id)).toEqual(["accept", "cancel"]);
    await request.answer("decline");
    expect((await answer).result).toEqual({ decision: "decline" });
  });

  test("that isn't offered is an error that lists the options, and the request stays pending", async () => {
    const { ask, requests } = await asking();
    const { request } = await ask(COMMAND, { command: "ls", availableDecisions: ["accept"] });
    const { id } = request;
    for (const wrong of ["acceptForSession", "yes", "", "__proto__", "toString"]) {
      expect(await refused(request.answer(wrong))).toBe(
        `The answer to request ${id} names the option "${wrong}", which the request doesn't have; the options are "accept"`,
      );
    }
    for (const wrong of [undefined, null, 5, {}, ["accept"]]) {
      expect(await refused(requests.answer(id, wrong as never))).toContain("names no option");
    }
    expect(await refused(request.answer("accept", {}))).toContain("takes none");
    expect(requests.get(id)).toBe(request);
    await request.answer("accept", null);
  });

  test("can be given once: the second is an error, also when both come at the same time", async () => {
    const { ask, requests } = await asking();
    const { request, answer } = await ask(ELICITATION, form({ type: "object", properties: {} }));
    const outcomes = await Promise.allSettled([
      request.answer("accept", { a: 1 }),
      requests.answer(request.id, "accept", { a: 2 }),
      request.answer("decline"),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === "rejected")).toMatchObject([
      { reason: { code: "REQUEST_SETTLED", reason: "answered", requestId: request.id } },
      { reason: { code: "REQUEST_SETTLED", reason: "answered" } },
    ]);
    expect((await answer).error).toBeUndefined();
    expect(await failureOf(request.answer("accept"))).toMatchObject({ reason: "answered" });
  });

  test("that the server overtakes while its content is checked is an error", async () => {
    const { ask, server } = await asking();
    const { request } = await ask(ELICITATION, form({ type: "object" }), 77);
    const answering = failureOf(request.answer("accept", {}));
    server.notify("serverRequest/resolved", { threadId: "t1", requestId: 77 });
    expect(await answering).toMatchObject({
      ...{ name: "RequestSettledError", reason: "withdrawn" },
      message: expect.stringContaining("another client answered it"),
    });
    expect(server.received.filter(({ id, method }) => id === 77 && method === undefined)).toEqual(
      [],
    );
  });

  test("for an id that no request has is an error, whatever the id is", async () => {
    const { requests } = await asking();
    for (const id of ["none", "", "__proto__", 5, undefined, "x".repeat(10_000)]) {
      const error = await failureOf(requests.answer(id as never, "accept"));
      expect(error).toMatchObject({ name: "UnknownRequestError", code: "UNKNOWN_REQUEST" });
      expect(error.message.length).toBeLessThan(400);
    }
  });
});

describe("the form of an MCP server", () => {
  test("is checked, and the content is sent as it was when the answer was given", async () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string", minLength: 2 }, age: { type: "integer" } },
      required: ["name"],
    };
    const { ask } = await asking();
    const { request, answer } = await ask(ELICITATION, form(schema));
    expect(request.form).toEqual(schema);
    const error = await failureOf(request.answer("accept", { name: "x", age: 1.5 }));
    expect(error).toMatchObject({ issues: [{ path: ["name"] }, { path: ["age"] }] });
    expect(error.message).toContain("doesn't fit its form: content name: ");
    expect(await refused(request.answer("accept"))).toContain("name");
    expect(await refused(request.answer("accept", "name"))).toContain("must be an object");
    expect(await refused(request.answer("decline", { name: "xy" }))).toContain("takes none");
    const content = { name: "Zoë", age: 5 };
    const sent = request.answer("accept", content);
    content.name = "another";
    await sent;
    expect((await answer).result).toEqual({
      ...{ action: "accept", content: { name: "Zoë", age: 5 }, _meta: null },
    });
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  test.each<[string, unknown, string]>([
    ["a cycle", cyclic, "is no JSON"],
    ["a bigint", { a: 1n }, "is no JSON"],
    ["a function", () => {}, "is no JSON"],
    ["too much", { a: "x".repeat(1_000_000) }, "the limit is 1000000"],
    ["half a character", { a: "\ud800" }, "surrogate"],
  ])("takes no content with %s", async (_, content, message) => {
    const { ask } = await asking();
    const { request } = await ask(ELICITATION, form({ type: "object" }));
    expect(await refused(request.answer("accept", content))).toContain(message);
  });

  test.each<[string, unknown]>([
    ["a pattern that backtracks", { properties: { a: { pattern: "^(a+)+$" } } }],
    ["a pattern that is none", { properties: { a: { pattern: "(" } } }],
    ["a reference to nothing", { $ref: "#/$defs/none" }],
    ["a reference to itself", { $ref: "#" }],
    ["what looks like a schema of a library", { "~standard": { validate: 1 } }],
  ])("whose schema has %s can only be refused", async (_, schema) => {
    const { ask } = await asking();
    const { request, answer } = await ask(ELICITATION, form(schema));
    const content = { a: `${"a".repeat(40)}!` };
    expect(await refused(request.answer("accept", content))).toContain("can't be checked");
    await request.answer("decline");
    expect((await answer).result).toMatchObject({ action: "decline" });
  });
});

test("a form whose schema takes too long to prepare can only be refused", async () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `field${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { pattern: `^${name}$` }]));
  const checked = await formOf("form", { requestedSchema: { properties } }, 1)?.check({});
  expect(checked?.issues?.[0]?.message).toMatch(/can only be refused: took longer than 1 ms$/);
});

test("a form without end can be shown and refused, and survives JSON", async () => {
  const { requests, server } = await asking();
  const deep = `${'{"not":'.repeat(20_000)}{}${"}".repeat(20_000)}`;
  const params = JSON.stringify({ ...ids, ...form("DEEP") }).replace('"DEEP"', deep);
  server.sendText(`{"id":900,"method":"${ELICITATION}","params":${params}}`);
  const request = await requests.next();
  expect(JSON.parse(JSON.stringify(request)).form).toEqual({});
  expect(await refused(request?.answer("accept", {}) as Promise<void>)).toContain(
    "can't be checked",
  );
  await request?.answer("cancel");
  expect(await server.message(({ id }) => id === 900)).toMatchObject({
    result: { action: "cancel" },
  });
});

describe("the agent's questions", () => {
  const questions = [
    {
      id: "q1",
      header: "Size",
      question: "Which?",
      isOther: false,
      options: [{ label: "S" }, { label: "L" }],
    },
    { id: "__proto__", header: "Word", question: "The password?", isSecret: true, options: null },
  ];

  test("take one text each, of the options where there are no others", async () => {
    const { ask } = await asking();
    const { request, answer } = await ask(QUESTIONS, { questions });
    expect(request.form).toMatchObject({
      properties: Object.fromEntries([
        ["q1", { enum: ["S", "L"] }],
        ["__proto__", { format: "password", writeOnly: true }],
      ]),
    });
    expect(await refused(request.answer("accept", { q1: "M" }))).toContain(
      'q1: must be one of ["S","L"]',
    );
    expect(await refused(request.answer("accept", { q1: ["S"] }))).toContain("must be a string");
    expect(await refused(request.answer("accept", { q2: "S" }))).toContain(
      "isn't the id of a question",
    );
    await request.answer("accept", JSON.parse('{"q1":"L","__proto__":"sesame"}'));
    expect(JSON.stringify((await answer).result)).toBe(
      '{"answers":{"q1":{"answers":["L"]},"__proto__":{"answers":["sesame"]}}}',
    );
  });

  test("can be refused, and can only be refused if there are none", async () => {
    const { ask } = await asking();
    for (const asked of [{ questions }, { questions: [] }, { questions: 5 }, {}]) {
      const { request, answer } = await ask(QUESTIONS, asked);
      const isAsked = asked.questions === questions;
      expect(request.options.map(({ id }) => id)).toEqual(
        isAsked ? ["accept", "decline"] : ["decline"],
      );
      await request.answer("decline");
      expect((await answer).result).toEqual({ answers: {} });
    }
  });
});

describe("what is pending", () => {
  test("shows what is asked exactly, and survives JSON", async () => {
    const { ask, requests } = await asking();
    const command = "touch x #\rls\u200b\u202e";
    const { request } = await ask(COMMAND, { command, cwd: "/", unheardOf: { of: 1 } });
    const copy = JSON.parse(JSON.stringify(requests.pending));
    expect(copy).toEqual(JSON.parse(JSON.stringify([request.toJSON()])));
    expect(copy[0]).toMatchObject({ id: request.id, turnId: "u1", entryId: "i1", kind: "command" });
    const shown = copy[0].detail.map(({ label, text }: { label: string; text: string }) => [
      label,
      text,
    ]);
    expect(shown).toContainEqual(["unheardOf", '{"of":1}']);
    expect(unescapeVisible(request.detail.at(-1)?.text as never)).toBe(command);
    await requests.answer(copy[0].id, copy[0].options[0].id);
  });

  test("is a tool approval only if a running call proves it; whatever resembles one is declined", async () => {
    const { ask, server, requests } = await asking();
    for (const requestedSchema of [
      { type: "object", properties: {} },
      { type: "object", properties: {}, required: null },
      {},
      undefined,
    ]) {
      const { result } = await server.ask(ELICITATION, { ...TOOL_APPROVAL, requestedSchema });
      expect(result).toMatchObject({ action: "decline" });
    }
    expect(requests.pending).toEqual([]);
    const fields = { type: "object", properties: { a: { type: "string" } } };
    const asked = await ask(ELICITATION, { ...TOOL_APPROVAL, requestedSchema: fields });
    expect(asked.request.kind).toBe("form");
    expect(asked.request.detail[0]?.text).toContain("claims to be a tool approval");
    const item = {
      ...{ type: "mcpToolCall", id: "call1", server: "files", tool: "share" },
      ...{ arguments: { path: "/tmp" }, status: "inProgress" },
    };
    server.notify("item/started", { ...ids, item });
    const genuine = await ask(ELICITATION, TOOL_APPROVAL);
    expect(genuine.request).toMatchObject({ kind: "mcpToolCall", entryId: "call1" });
  });

  test("can't be accepted if it doesn't show what it asks for", async () => {
    const { ask } = await asking();
    const { request, answer } = await ask(FILE, { reason: "trust me" });
    expect(request.options.map(({ id }) => id)).toEqual(["decline", "cancel"]);
    expect(await refused(request.answer("accept"))).toContain("doesn't have");
    await request.answer("decline");
    expect((await answer).result).toEqual({ decision: "decline" });
  });

  test("is settled when the turn ends, before what waits for the turn continues", async () => {
    const { ask, requests, server, turn } = await asking();
    const { request } = await ask(COMMAND, { command: "ls" });
    const reasons: string[] = [];
    requests.on("settled", (one, reason) => reasons.push(`${one.id} ${reason}`));
    const ended = turn.run().then(() => reasons.slice());
    server.notify(...turnCompleted("t1", "u1", "interrupted"));
    expect(await ended).toEqual([`${request.id} turnEnded`]);
  });

  test("is neither approvals that a rule decides nor questions that a handler answers", async () => {
    const { server, codex } = await runningTurn({
      approvals: { command: "accept", fileChange: "ask", questions: "ask" },
      handlers: { [QUESTIONS]: () => ({ answers: {} }) },
    });
    expect((await server.ask(COMMAND, ids)).result).toEqual({ decision: "accept" });
    expect((await server.ask(QUESTIONS, ids)).result).toEqual({ answers: {} });
    void server.ask(ELICITATION, { ...ids, ...form({}) });
    expect(await codex.requests.next()).toMatchObject({ kind: "form" });
  });

  test("are no questions and no unknown requests if nobody said so", async () => {
    const { server, codex } = await runningTurn({ approvals: { command: "ask" } });
    expect((await server.ask(QUESTIONS, ids)).error).toBeDefined();
    expect((await server.ask("brand/new", ids)).error).toBeDefined();
    const { server: asked } = await runningTurn({ approvals: "ask" });
    expect((await asked.ask("brand/new", ids)).error).toBeDefined();
    expect(codex.requests.pending).toEqual([]);
  });
});

describe("limits", () => {
  test.each<[string, number, number]>([
    ["number", 1_000, 10],
    ["size", 5, 3_000_000],
  ])("no thread keeps out another by the %s of its requests", async (_, count, chars) => {
    const warnings: unknown[] = [];
    const pending = new PendingRequests((warning) => warnings.push(warning.code));
    const settled: unknown[] = [];
    pending.onSettled(({ threadId }, reason) => settled.push([threadId, reason]));
    const ask = (id: number, threadId: string) =>
      pending.ask(
        { id, method: COMMAND, params: { threadId, command: `${id} ${"x".repeat(chars)}` } },
        {
          ...{ method: COMMAND, item: undefined, exactNumbers: true },
          ...{ threadId, parentThreadId: undefined, signal: new AbortController().signal },
        },
      );
    const greedy = Array.from({ length: count }, (_value, n) => ask(n, "greedy"));
    vi.mocked(describeRequest).mockClear();
    const others = [ask(count, "other")];
    expect(await greedy.at(-1)).toEqual({ decision: "decline" });
    expect(pending.all.at(-1)?.threadId).toBe("other");
    expect(await ask(count + 1, "greedy")).toEqual({ decision: "decline" });
    expect(pending.all).toHaveLength(count);
    // What is refused isn't described.
    const described = vi.mocked(describeRequest).mock.calls.filter(([, params]) => params);
    expect(described).toHaveLength(1);
    expect(settled).toEqual([["greedy", "dropped"]]);
    expect(warnings).toEqual(["REQUEST_DROPPED", "REQUEST_DROPPED"]);
    for (const request of pending.all) await request.answer("accept");
    expect(await others[0]).toEqual({ decision: "accept" });
    void ask(0, "greedy");
    expect(pending.all).toHaveLength(1);
  });

  test("so many can be pending; more are declined with a warning, and the turn goes on", async () => {
    const { requests, server, warnings } = await asking();
    const asked = Array.from({ length: 1_003 }, (_, n) =>
      server.ask(COMMAND, { ...ids, command: `echo ${n}` }),
    );
    const late = await Promise.all(asked.slice(1_000));
    expect(late.map(({ result }) => result)).toEqual(Array(3).fill({ decision: "decline" }));
    expect(requests.pending).toHaveLength(1_000);
    expect(warnings.map(({ code }) => code)).toEqual(Array(3).fill("REQUEST_DROPPED"));
    await Promise.all(requests.pending.map((request) => request.answer("decline")));
    void server.ask(COMMAND, { ...ids, command: "echo again" });
    expect(await requests.next()).toBeDefined();
  });

  test("so much can be pending", async () => {
    const { requests, server } = await asking();
    const big = "x".repeat(3_000_000);
    const asked = Array.from({ length: 10 }, (_, n) =>
      server.ask(COMMAND, { ...ids, command: `${n}${big}` }),
    );
    expect((await asked.at(-1))?.result).toEqual({ decision: "decline" });
    expect(requests.pending.length).toBeLessThan(10);
    await Promise.all(requests.pending.map((request) => request.answer("decline")));
    void server.ask(COMMAND, { ...ids, command: big });
    expect(await requests.next()).toBeDefined();
  });
});

describe("waiting for requests", () => {
  test("next() gives the oldest that fits, now or later, and undefined when time is up", async () => {
    const { ask, requests } = await asking();
    expect(await requests.next({ timeoutMs: 1 })).toBeUndefined();
    const coming = requests.next({ threadId: "t1" });
    const first = await ask(COMMAND, { command: "one" });
    const second = await ask(COMMAND, { command: "two" });
    expect(await coming).toBe(first.request);
    expect(await requests.next()).toBe(first.request);
    expect(await requests.next({ id: second.request.id })).toBe(second.request);
    expect(await requests.next({ threadId: "t2", timeoutMs: 1 })).toBeUndefined();
    const controller = new AbortController();
    const aborted = failureOf(requests.next({ id: "x", signal: controller.signal }));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await aborted).toBe(reason);
  });

  test("a loop gets each once, those settled meanwhile left out, and ends with the client", async () => {
    const { ask, requests, codex } = await asking();
    const [one, two] = [await ask(COMMAND, { command: "1" }), await ask(COMMAND, { command: "2" })];
    const seen: PendingRequest[] = [];
    const reading = (async () => {
      for await (const request of requests) {
        seen.push(request);
        if (request === one.request) await two.request.answer("decline");
      }
    })();
    const three = await ask(COMMAND, { command: "3" });
    await new Promise(setImmediate);
    await codex.close();
    await reading;
    expect(seen).toEqual([one.request, three.request]);
    expect(await requests.next()).toBeUndefined();
  });

  test("a listener that answers at once is fine, and one that throws is a warning", async () => {
    const { server, codex, warnings } = await runningTurn({ approvals: "ask" });
    codex.requests.on("added", () => {
      throw new Error("my fault");
    });
    const listening = codex.requests.on("added", (request) => request.answer("accept"));
    expect((await server.ask(COMMAND, { ...ids, command: "ls" })).result).toEqual({
      decision: "accept",
    });
    expect(warnings).toMatchObject([{ code: "LISTENER_FAILED" }]);
    listening[Symbol.dispose]();
    expect(() => codex.requests.on("removed" as never, () => {})).toThrow("has no event");
  });
});

test("a program that never looks at its requests is warned once, after a while", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const unwatched = await runningTurn({ approvals: "ask" });
  const watched = await runningTurn({ approvals: "ask" });
  for (const { server } of [unwatched, watched]) {
    void server.ask(COMMAND, { ...ids, command: "ls" });
    void server.ask(COMMAND, { ...ids, command: "ls -a" });
  }
  await new Promise(setImmediate);
  expect(watched.codex.requests.pending).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  expect(unwatched.warnings.map(({ code }) => code)).toEqual(["REQUEST_UNWATCHED"]);
  expect(watched.warnings).toEqual([]);
});

test("what is settled is forgotten, but for the newest ids", async () => {
  const pending = new PendingRequests(() => {});
  const ask = (n: number, signal: AbortSignal) =>
    pending.ask(
      { id: n, method: COMMAND, params: { ...ids, command: `${n}` } },
      {
        method: COMMAND,
        item: undefined,
        exactNumbers: true,
        threadId: "t1",
        parentThreadId: undefined,
        signal,
      },
    );
  const first = new AbortController();
  void ask(0, first.signal);
  const { id } = (await pending.first(() => true, undefined)) as PendingRequest;
  first.abort();
  expect(await failureOf(pending.answer(id, "accept", undefined))).toMatchObject({
    reason: "withdrawn",
  });
  for (let n = 1; n <= 1_000; n++) {
    const controller = new AbortController();
    void ask(n, controller.signal);
    await pending.first(() => true, undefined);
    controller.abort();
  }
  expect(pending.all).toEqual([]);
  expect(await failureOf(pending.answer(id, "accept", undefined))).toMatchObject({
    code: "UNKNOWN_REQUEST",
  });
});

test("approvals of a client that was never connected are empty", async () => {
  const { codex } = fakeClient({ approvals: "ask" });
  expect(codex).toBeInstanceOf(Codex);
  expect(codex.requests.pending).toEqual([]);
  expect(codex.requests).toBe(codex.requests);
});
