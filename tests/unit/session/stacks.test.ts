import { types } from "node:util";
import { expect, test } from "vitest";
import { InvalidRequestError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnStarted } from "../../support/fake.ts";

/** The first line of a stack that isn't in this package's source. */
function callerIn(error: Error): string {
  return error.stack?.split("\n").find((line) => line.includes("/tests/")) ?? "";
}

async function started() {
  const { server, codex } = fakeClient();
  const thread = await codex.threadStart();
  return { server, codex, thread };
}

test("a request that is refused", async () => {
  const { server, codex } = await started();
  server.answer("model/list", (_params, request) => request.fail(-32600, "no"));
  async function askForModels() {
    await codex.modelList();
  }
  expect(callerIn(await failureOf(askForModels()))).toContain("askForModels");
});

test("a request that was not answered in time", async () => {
  const { codex } = await started();
  async function askInVain() {
    await codex.request("thread/read", { threadId: "t1" }, { timeoutMs: 1 });
  }
  expect(callerIn(await failureOf(askInVain()))).toContain("askInVain");
});

test("a request that was pending when the connection ended, and a later one", async () => {
  const { server, codex, thread } = await started();
  async function askTheDying() {
    await thread.read();
  }
  async function askTheDead() {
    await thread.read();
  }
  const cutOff = failureOf(askTheDying());
  await server.request("thread/read");
  server.disconnect();
  expect(callerIn(await cutOff)).toContain("askTheDying");
  await codex.closed;
  expect(callerIn(await failureOf(askTheDead()))).toContain("askTheDead");
});

test.each([
  ["without a signal", {}],
  ["with a signal", { signal: new AbortController().signal }],
  ["with a time limit", { timeoutMs: 60_000 }],
])("thread.run that is refused, %s", async (_how, options) => {
  const { server, thread } = await started();
  server.answer("turn/start", (_params, request) => request.fail(-32600, "no"));
  async function runRefused() {
    await thread.run("hi", options);
  }
  const error = await failureOf(runRefused());
  expect(error.message).toContain("turn/start: no");
  expect(callerIn(error)).toContain("runRefused");
});

test.each([
  ["without a signal", {}],
  ["with a signal", { signal: new AbortController().signal }],
])("thread.run whose connection ends, %s", async (_how, options) => {
  const { server, thread } = await started();
  async function runCutOff() {
    await thread.run("hi", options);
  }
  const failing = failureOf(runCutOff());
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  server.notify(...turnStarted("t1", "u1"));
  server.disconnect("gone");
  const error = await failing;
  expect(error.message).toContain("gone");
  expect(callerIn(error)).toContain("runCutOff");
});

test("thread.run that took too long", async () => {
  const { thread } = await started();
  async function runTooLong() {
    await thread.run("hi", { timeoutMs: 1 });
  }
  expect(callerIn(await failureOf(runTooLong()))).toContain("runTooLong");
});

test("an input that is refused", async () => {
  const { thread } = await started();
  async function runNothing() {
    await thread.run("");
  }
  expect(callerIn(await failureOf(runNothing()))).toContain("runNothing");
});

test("the error that a caller gets is a native error with all its members", async () => {
  const { server, codex } = await started();
  server.answer("model/list", (_params, request) => request.fail(-32600, "no", { why: "because" }));
  const error = await failureOf(codex.modelList());
  expect(types.isNativeError(error)).toBe(true);
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ rpcCode: -32600, method: "model/list", data: { why: "because" } });
});
