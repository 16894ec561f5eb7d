import { setImmediate } from "node:timers/promises";
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from "ai";
import { afterEach, expect, test, vi } from "vitest";
import type { Turn } from "../../../src/index.ts";
import {
  type TurnUIMessageChunk,
  toAGUI,
  toAGUIResponse,
  toUIMessageStream,
  toUIMessageStreamResponse,
} from "../../../src/web/index.ts";
import { TurnParts } from "../../../src/web/parts/turn-parts.ts";
import { readRun } from "../../support/ag-ui.ts";
import { messageCompleted, messageDelta, turnCompleted } from "../../support/fake.ts";
import { runningTurn } from "../../support/running-turn.ts";
import { readMessage } from "../../support/ui-messages.ts";

const place = { threadId: "t1", turnId: "u1" };

afterEach(() => {
  vi.useRealTimers();
});

async function collect<T>(stream: ReadableStream<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of stream) all.push(value);
  return all;
}

const named = <Type extends TurnUIMessageChunk["type"]>(
  chunks: readonly TurnUIMessageChunk[],
  ...types: readonly Type[]
) =>
  chunks.filter((chunk): chunk is TurnUIMessageChunk & { type: Type } =>
    (types as readonly string[]).includes(chunk.type),
  );

test("a lost connection ends everything that is open, with an error", async () => {
  const { server, codex, turn } = await runningTurn({ reconnect: false });
  const [chunks, run] = [collect(toUIMessageStream(turn)), readRun(toAGUIResponse(turn))];
  server.notify(...messageDelta("t1", "u1", "Hel"));
  server.notify("item/started", {
    ...place,
    item: { type: "agentMessage", id: "m-u1", text: "Hel", phase: null },
  });
  server.notify("item/started", {
    ...place,
    item: { type: "commandExecution", id: "c", command: "ls", status: "inProgress" },
  });
  server.disconnect("gone");
  expect((await chunks).slice(-3)).toMatchObject([
    { type: "message-metadata", messageMetadata: { status: "lost" } },
    { type: "error", errorText: expect.stringContaining("gone") },
    { type: "finish", finishReason: "error" },
  ]);
  const { parts } = await readMessage(await chunks);
  expect(parts).toMatchObject([
    { type: "step-start" },
    { type: "text", text: "Hel", state: "done" },
    { type: "dynamic-tool", state: "output-error" },
  ]);
  const { error, events } = await run;
  expect(error).toContain("gone");
  expect(events.at(-1)).toMatchObject({ type: "RUN_ERROR", code: "TRANSPORT_CLOSED" });
  await codex.close();
});

test("a stream reads no more than it is asked for, and a slow one gets deltas joined", async () => {
  const { server, codex, turn } = await runningTurn();
  const reader = toUIMessageStream(turn).getReader();
  const next = async () => (await reader.read()).value;
  server.notify("item/started", {
    ...place,
    item: { type: "agentMessage", id: "m-u1", text: "", phase: null },
  });
  for (const word of ["a", "b", "c"]) server.notify(...messageDelta("t1", "u1", word));
  expect(await next()).toMatchObject({ type: "start", messageId: "u1" });
  expect(await next()).toMatchObject({ type: "start-step" });
  expect(await next()).toMatchObject({ type: "text-start" });
  expect(await next()).toMatchObject({ type: "text-delta", delta: "abc" });
  for (const word of ["d", "e"]) server.notify(...messageDelta("t1", "u1", word));
  expect(await next()).toMatchObject({ type: "text-delta", delta: "de" });
  await codex.close();
});

test.each([toUIMessageStream, toAGUI] as readonly ((
  turn: Turn,
  options?: { readonly onCancel: "interrupt" },
) => ReadableStream<unknown>)[])("cancelling leaves the turn running, unless asked", async (to) => {
  const { server, codex, turn, count } = await runningTurn();
  const reader = to(turn).getReader();
  await reader.read();
  await reader.cancel();
  const waiting = to(turn).getReader();
  const reads = [1, 2, 3].map(() => waiting.read());
  await reads[0];
  await waiting.cancel();
  expect(await reads[2]).toEqual({ done: true, value: undefined });
  expect(count("turn/interrupt")).toBe(0);
  server.answer("turn/interrupt", () => ({}));
  await to(turn, { onCancel: "interrupt" }).cancel();
  await vi.waitFor(() => expect(count("turn/interrupt")).toBe(1));
  await codex.close();
});

test("an aborted signal interrupts the turn and ends the stream", async () => {
  const { server, codex, turn, count } = await runningTurn();
  server.answer("turn/interrupt", () => ({}));
  const stop = new AbortController();
  const chunks = collect(toUIMessageStream(turn, { signal: stop.signal }));
  stop.abort(new Error("the user left"));
  expect((await chunks).slice(-2)).toMatchObject([
    { type: "abort", reason: expect.stringContaining("the user left") },
    { type: "finish", finishReason: "other" },
  ]);
  await vi.waitFor(() => expect(count("turn/interrupt")).toBe(1));
  await codex.close();
});

test("a text that doesn't continue the streamed text follows as a separate one", async () => {
  const { server, codex, turn } = await runningTurn();
  const chunks = collect(toUIMessageStream(turn));
  server.notify("item/started", {
    ...place,
    item: { type: "agentMessage", id: "m-u1", text: "", phase: null },
  });
  server.notify(...messageDelta("t1", "u1", "Hallo"));
  server.notify(...messageCompleted("t1", "u1", "Hello"));
  server.notify(...turnCompleted("t1", "u1"));
  const texts = (await readMessage(await chunks)).parts.filter(({ type }) => type === "text");
  expect(texts).toMatchObject([
    { text: "Hallo", providerMetadata: { codex: { incomplete: true } } },
    { text: "Hello" },
  ]);
  await codex.close();
});

test("a plan, a diff, notices and retries are data that is replaced", async () => {
  const { server, codex, turn } = await runningTurn();
  const [chunks, run] = [collect(toUIMessageStream(turn)), readRun(toAGUIResponse(turn))];
  for (const status of ["pending", "inProgress"]) {
    server.notify("turn/plan/updated", {
      ...{ ...place, explanation: "why" },
      plan: [{ step: "one", status }],
    });
  }
  for (const diff of ["-a", "-a", "-b"]) server.notify("turn/diff/updated", { ...place, diff });
  for (const message of ["busy", "still busy"]) {
    server.notify("error", { ...place, error: { message }, willRetry: true });
  }
  server.notify(...messageCompleted("t1", "u1", "Hello"));
  server.notify("model/rerouted", { ...place, fromModel: "a", toModel: "b", reason: "c" });
  server.notify(...turnCompleted("t1", "u1"));
  const message = await readMessage(await chunks);
  const data = message.parts.flatMap((part) => ("data" in part ? [part] : []));
  expect(data).toMatchObject([
    {
      type: "data-plan",
      data: { explanation: "why", steps: [{ text: "one", state: "running" }] },
    },
    { type: "data-diff", data: { diff: "-b" } },
    { type: "data-entry", data: { kind: "error", message: "still busy", state: "completed" } },
    { type: "data-entry", data: { kind: "modelRerouted", from: "a", to: "b" } },
  ]);
  expect(named(await chunks, "data-diff").map((chunk) => chunk.data.diff)).toContain("-b");
  const { messages } = await run;
  expect(messages.filter(({ role }) => role === "activity")).toMatchObject([
    { activityType: "PLAN", content: { steps: [{ text: "one", state: "running" }] } },
    { activityType: "DIFF", content: { diff: "-b" } },
  ]);
  await codex.close();
});

test("a diff that is repeated is shown once", () => {
  const parts = new TurnParts("u1");
  const diffs = ["-a", "-a", "-b", "-a"].flatMap((diff) => [
    ...parts.take({ method: "turn/diff/updated", params: { diff } }),
  ]);
  expect(diffs.map((part) => part.type === "diff" && part.diff)).toEqual(["-a", "-b", "-a"]);
});

test("a call that is refused after it has shown some output has none", async () => {
  const { server, codex, turn } = await runningTurn({ approvals: "ask" });
  const chunks = collect(toUIMessageStream(turn));
  const item = { type: "commandExecution", id: "c", command: "get", status: "inProgress" };
  server.notify("item/started", { ...place, item });
  const delta = "some";
  server.notify("item/commandExecution/outputDelta", { ...place, itemId: "c", delta });
  const params = { ...place, itemId: "c", command: "get" };
  const asked = server.ask("item/commandExecution/requestApproval", params);
  await (await codex.requests.next())?.answer("decline");
  await asked;
  server.notify("item/commandExecution/outputDelta", { ...place, itemId: "c", delta: "late" });
  await setImmediate();
  server.notify("item/completed", { ...place, item: { ...item, status: "declined" } });
  server.notify(...turnCompleted("t1", "u1"));
  const { parts } = await readMessage(await chunks);
  const [call] = parts.filter(({ type }) => type === "dynamic-tool");
  expect(call).toMatchObject({ state: "output-denied", approval: { approved: false } });
  await codex.close();
});

test("a command's output is shown while it runs, but isn't sent whole for each line", async () => {
  const { server, codex, turn } = await runningTurn();
  const chunks = collect(toUIMessageStream(turn));
  const item = { type: "commandExecution", id: "c", command: "make", status: "inProgress" };
  server.notify("item/started", { ...place, item });
  for (let line = 0; line < 5_000; line++) {
    const delta = `line ${line}\n`;
    server.notify("item/commandExecution/outputDelta", { ...place, itemId: "c", delta });
    // The stream reads each line before the next.
    await setImmediate();
  }
  server.notify("item/completed", { ...place, item: { ...item, status: "completed" } });
  server.notify(...turnCompleted("t1", "u1"));
  const shown = named(await chunks, "tool-output-available").filter(
    ({ preliminary }) => preliminary,
  );
  expect(shown.length).toBeGreaterThan(3);
  expect(shown[0]?.output).toMatchObject({ output: expect.stringContaining("line 0\n") });
  expect(shown.reduce((sum, one) => sum + JSON.stringify(one).length, 0)).toBeLessThan(1_000_000);
  await codex.close();
});

test("images are files, and parts of a tool's result", async () => {
  const { server, codex, turn } = await runningTurn();
  const [chunks, run] = [collect(toUIMessageStream(turn)), readRun(toAGUIResponse(turn))];
  server.notify("item/completed", {
    ...place,
    item: { type: "imageGeneration", id: "i", status: "completed", result: "/9j/AAAA" },
  });
  const contentItems = [
    { type: "inputText", text: "two" },
    { type: "inputImage", imageUrl: "https://x.example/a.webp?b" },
    { type: "inputAudio", audioUrl: "data:audio/wav;base64,AAAA" },
  ];
  server.notify("item/completed", {
    ...place,
    item: { type: "dynamicToolCall", id: "d", tool: "draw", status: "completed", contentItems },
  });
  server.notify(...turnCompleted("t1", "u1"));
  await readMessage(await chunks);
  expect(named(await chunks, "file").map(({ mediaType }) => mediaType)).toEqual([
    ...["image/jpeg", "image/webp", "audio/wav"],
  ]);
  const { messages } = await run;
  expect(messages.flatMap(({ role, content }) => (role === "tool" ? [content] : []))).toMatchObject(
    [
      [{ type: "text" }, { source: { type: "data", value: "/9j/AAAA", mimeType: "image/jpeg" } }],
      [
        { type: "text", text: expect.stringContaining("two") },
        { type: "image", source: { type: "url", value: "https://x.example/a.webp?b" } },
        { type: "audio", source: { type: "data", value: "AAAA", mimeType: "audio/wav" } },
      ],
    ],
  );
  await codex.close();
});

test("the AI SDK's own transport reads the response", async () => {
  const { server, codex, turn } = await runningTurn();
  const headers = { "x-own": "1", "cache-control": "no-store" };
  const response = toUIMessageStreamResponse(turn, { headers });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/event-stream",
    "x-vercel-ai-ui-message-stream": "v1",
    "cache-control": "no-store",
    "x-own": "1",
  });
  server.notify(...messageCompleted("t1", "u1", "Hello"));
  server.notify(...turnCompleted("t1", "u1"));
  const transport = new DefaultChatTransport<UIMessage>({ fetch: async () => response });
  const stream = await transport.sendMessages({
    ...{ trigger: "submit-message", chatId: "c", messageId: undefined, messages: [] },
    abortSignal: undefined,
  });
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream, terminateOnError: true })) {
    last = message;
  }
  expect(last).toMatchObject({ id: "u1", parts: [{}, { type: "text", text: "Hello" }] });
  await codex.close();
});

test("comments keep the connection open while there is nothing to send", async () => {
  const { server, codex, turn } = await runningTurn();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { body } = toAGUIResponse(turn, { keepAliveMs: 1_000 });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await reader?.read())?.value;
  expect(await next()).toContain("RUN_STARTED");
  const waiting = next();
  // The stream has to wait for the turn before its time counts.
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  vi.advanceTimersByTime(1_000);
  expect(await waiting).toBe(": keep-alive\n\n");
  server.notify(...messageCompleted("t1", "u1", "Hello"));
  expect(await next()).toContain("TEXT_MESSAGE_START");
  await reader?.cancel();
  expect(vi.getTimerCount()).toBe(0);
  await codex.close();
});

test("wrong calls are refused before anything is read", async () => {
  const { codex, turn } = await runningTurn();
  expect(() => toUIMessageStream({} as Turn)).toThrow(
    "toUIMessageStream: the turn must be what thread.turn() resolves with, not an object",
  );
  const wrong = (options: object) => () => toUIMessageStream(turn, options);
  expect(wrong({ onCancle: "interrupt" })).toThrow("did you mean onCancel?");
  expect(wrong({ onCancel: "stop" })).toThrow('onCancel must be "continue" or "interrupt"');
  expect(() => toUIMessageStreamResponse(turn, { keepAliveMs: -1 })).toThrow("keepAliveMs");
  expect(() => toAGUI(turn, { runId: "" })).toThrow("toAGUI option runId");
  await codex.close();
});
