import { context, propagation, trace } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { instrument } from "../../../src/otel/index.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";

const spans = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });

beforeAll(() => provider.register());
afterEach(() => spans.reset());
afterAll(async () => {
  await provider.shutdown();
  for (const api of [trace, context, propagation]) api.disable();
});

const shown = () =>
  spans.getFinishedSpans().map(({ name, parentSpanContext, attributes }) => ({
    name,
    isRoot: parentSpanContext === undefined,
    error: attributes["error.type"],
  }));

const inRoute = <T>(run: () => Promise<T>): Promise<T> =>
  provider.getTracer("test").startActiveSpan("route", (span) => run().finally(() => span.end()));

const call = (status: string) => ({
  threadId: "t1",
  turnId: "u1",
  item: { type: "commandExecution", id: "c", command: "ls", status },
});

test("messages that arrive before a turn's id is known belong to the turn", async () => {
  using _recording = instrument({ requests: false });
  const { server, codex } = fakeClient();
  const thread = await codex.threadStart();
  const starting = inRoute(() => thread.turn("go"));
  const request = await server.request("turn/start");
  server.notify(...turnStarted("t1", "u1"));
  server.notify("item/started", call("inProgress"));
  request.respond({ turn: { id: "u1" } });
  const turn = await starting;
  server.notify("item/completed", call("completed"));
  server.notify(...turnCompleted("t1", "u1"));
  await turn.run();
  expect(shown()).toEqual([
    { name: "route", isRoot: true, error: undefined },
    { name: "execute_tool command", isRoot: false, error: undefined },
    { name: "invoke_agent codex", isRoot: false, error: undefined },
  ]);
  await codex.close();
});

test("a turn that is refused has a span with the error", async () => {
  using _recording = instrument();
  const { server, codex } = fakeClient();
  server.answer("turn/start", () => {
    throw new Error("no");
  });
  const thread = await codex.threadStart();
  await inRoute(() => thread.turn("go")).catch(() => {});
  expect(shown()).toMatchObject([
    { name: "turn/start", isRoot: false, error: "INVALID_REQUEST" },
    { name: "invoke_agent codex", isRoot: false, error: "INVALID_REQUEST" },
    { name: "route", isRoot: true },
  ]);
  await codex.close();
});

test("a turn that another client started isn't part of the trace of a program that reads it", async () => {
  using _recording = instrument({ requests: false });
  const { server, codex } = fakeClient();
  // The connection is opened inside a span, whose context its callbacks have.
  const thread = await inRoute(() => codex.threadStart());
  spans.reset();
  const seen = new Promise<void>((resolve) => {
    thread.onTurn((turn) => void turn.run().then(() => resolve()));
  });
  server.notify(...turnStarted("t1", "u1"));
  server.notify(...turnCompleted("t1", "u1"));
  await seen;
  expect(shown()).toEqual([{ name: "invoke_agent codex", isRoot: true, error: undefined }]);
  await codex.close();
});

test("stopping ends all open spans", async () => {
  const recording = instrument({ requests: false });
  const { server, codex } = fakeClient();
  const thread = await codex.threadStart();
  server.answer("turn/start", () => ({ turn: { id: "u1" } }));
  await thread.turn("go");
  server.notify(...turnStarted("t1", "u1"));
  server.notify("item/started", call("inProgress"));
  recording[Symbol.dispose]();
  expect(shown().map(({ name }) => name)).toEqual(["execute_tool command", "invoke_agent codex"]);
  server.notify(...turnCompleted("t1", "u1"));
  await codex.close();
});

test("an item that can't be recorded doesn't end the process", async () => {
  using _recording = instrument({ requests: false, captureContent: true });
  const { server, codex } = fakeClient();
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on("uncaughtException", note);
  const thread = await codex.threadStart();
  const starting = thread.turn("go");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  await starting;
  server.notify(...turnStarted("t1", "u1"));
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  for (const item of [
    '{"type":"commandExecution","id":{"toString":1}}',
    `{"type":"commandExecution","id":${deep}}`,
    `{"type":"mcpToolCall","id":"c","server":"s","tool":"t","result":${deep}}`,
  ]) {
    const params = `{"threadId":"t1","turnId":"u1","item":${item}}`;
    server.sendText(`{"method":"item/completed","params":${params}}`);
  }
  await new Promise(setImmediate);
  process.off("uncaughtException", note);
  expect(uncaught).toEqual([]);
  expect(shown().map(({ name }) => name)).toEqual(["execute_tool s.t"]);
  await codex.close();
});
