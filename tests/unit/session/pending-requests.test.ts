import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Codex, type PendingRequest, unescapeVisible } from "../../../src/index.ts";
import { PendingRequests } from "../../../src/session/pending-requests.ts";
import {
  asking,
  COMMAND,
  ELICITATION,
  FILE,
  form,
  ids,
  QUESTIONS,
  refused,
  runningTurn,
  TOOL_APPROVAL,
} from "../../support/asked-client.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted } from "../../support/fake.ts";

describe("an answer", () => {
  test("is that of the option, in any order of the requests", async () => {
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
        `The answer to request ${id} chooses the option "${wrong}", which the request doesn't have; the options are "accept"`,
      );
    }
    for (const wrong of [undefined, null, 5, {}, ["accept"]]) {
      expect(await refused(requests.answer(id, wrong as never))).toContain("chooses no option");
    }
    expect(await refused(request.answer("accept", {}))).toContain("takes none");
    expect(requests.get(id)).toBe(request);
    await request.answer("accept", null);
  });

  test("can be given once: the second is an error, even if both arrive at the same time", async () => {
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

  test("for an id that no request has is an error, no matter which", async () => {
    const { requests } = await asking();
    for (const id of ["none", "", "__proto__", 5, undefined, "x".repeat(10_000)]) {
      const error = await failureOf(requests.answer(id as never, "accept"));
      expect(error).toMatchObject({ name: "UnknownRequestError", code: "UNKNOWN_REQUEST" });
      expect(error.message.length).toBeLessThan(400);
    }
  });
});

describe("a pending request", () => {
  test("shows the exact request, and can be sent as JSON", async () => {
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

  test("is a tool approval only if a running call proves it; imitations are declined", async () => {
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

  test("is settled when the turn ends, before callers that wait for the turn continue", async () => {
    const { ask, requests, server, turn } = await asking();
    const { request } = await ask(COMMAND, { command: "ls" });
    const reasons: string[] = [];
    requests.on("settled", (one, reason) => reasons.push(`${one.id} ${reason}`));
    const ended = turn.run().then(() => reasons.slice());
    server.notify(...turnCompleted("t1", "u1", "interrupted"));
    expect(await ended).toEqual([`${request.id} turnEnded`]);
  });

  test("isn't created for approvals that a rule decides or questions that a handler answers", async () => {
    const { server, codex } = await runningTurn({
      approvals: { command: "accept", fileChange: "ask", questions: "ask" },
      handlers: { [QUESTIONS]: () => ({ answers: {} }) },
    });
    expect((await server.ask(COMMAND, ids)).result).toEqual({ decision: "accept" });
    expect((await server.ask(QUESTIONS, ids)).result).toEqual({ answers: {} });
    void server.ask(ELICITATION, { ...ids, ...form({}) });
    expect(await codex.requests.next()).toMatchObject({ kind: "form" });
  });

  test("isn't created for questions and unknown requests unless the options ask for it", async () => {
    const { server, codex } = await runningTurn({ approvals: { command: "ask" } });
    expect((await server.ask(QUESTIONS, ids)).error).toBeDefined();
    expect((await server.ask("brand/new", ids)).error).toBeDefined();
    const { server: asked } = await runningTurn({ approvals: "ask" });
    expect((await asked.ask("brand/new", ids)).error).toBeDefined();
    expect(codex.requests.pending).toEqual([]);
  });
});

describe("waiting for requests", () => {
  test("next() returns the oldest match, now or later, and undefined after the time limit", async () => {
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

  test("a loop yields each request once, skips settled ones, and ends with the client", async () => {
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

  test("a listener can answer immediately, and one that throws causes a warning", async () => {
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

test("a program that never uses its requests gets one warning after a while", async () => {
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

test("settled requests are forgotten, except the newest ids", async () => {
  const pending = new PendingRequests(() => {});
  const ask = (n: number, signal: AbortSignal) =>
    pending.ask(
      { id: n, method: COMMAND, params: { ...ids, command: `${n}` } },
      {
        method: COMMAND,
        item: undefined,
        exactNumbers: true,
        fileWarnings: [],
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
