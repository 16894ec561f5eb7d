import { describe, expect, test } from "vitest";
import { type Notification, TurnAbortedError } from "../../src/index.ts";
import {
  command,
  cut,
  events,
  Gate,
  malformed,
  reasoning,
  reply,
  text,
} from "../../src/testing/index.ts";
import { collect, failureOf, sharedServer } from "../support/e2e.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });

/** A turn whose model has said "he" and is held at the gate before "llo". */
async function heldTurn() {
  const gate = new Gate();
  server.model.enqueue(text(["he", gate, "llo"]));
  const thread = await server.codex.threadStart();
  return { gate, thread, turn: await thread.turn("hi") };
}

test("a stream has every notification of its turn, up to and including its end", async () => {
  const { gate, turn, thread } = await heldTurn();
  gate.open();
  const all = await collect(turn.stream());
  const methods = all.map(({ method }) => method);
  expect(methods[0]).toBe("turn/started");
  expect(methods.at(-1)).toBe("turn/completed");
  expect(methods).toContain("item/agentMessage/delta");
  expect(methods).toContain("thread/tokenUsage/updated");
  for (const { params } of all) expect(params).toMatchObject({ threadId: thread.id });
});

test("it shows deltas while the model is still answering, and other calls work in the meantime", async () => {
  const { gate, turn } = await heldTurn();
  const stream = turn.stream();
  for await (const { method, params } of stream) {
    if (method !== "item/agentMessage/delta") continue;
    expect(params.delta).toBe("he");
    break;
  }
  expect((await server.codex.modelList({ timeoutMs: 1_000 })).data.length).toBeGreaterThan(0);
  gate.open();
  expect((await turn.run()).text).toBe("hello");
});

test("a stream that is left early ends; the turn continues, and a second stream has all of it", async () => {
  const { gate, turn, thread } = await heldTurn();
  const left = turn.stream();
  for await (const { method } of left) {
    expect(method).toBe("turn/started");
    break;
  }
  expect(await left.next()).toEqual({ value: undefined, done: true });
  const second = collect(turn.stream());
  gate.open();
  const methods = (await second).map(({ method }) => method);
  expect(methods[0]).toBe("turn/started");
  expect(methods.at(-1)).toBe("turn/completed");
  expect((await turn.run()).text).toBe("hello");
  expect((await thread.run("next")).text).toBe("echo next");
});

test("a late stream has the complete text, although its deltas may be joined", async () => {
  const { gate, turn } = await heldTurn();
  gate.open();
  await turn.run();
  const deltas = (await collect(turn.stream())).flatMap((n) =>
    n.method === "item/agentMessage/delta" ? [n.params.delta] : [],
  );
  expect(deltas.join("")).toBe("hello");
});

test("textStream has only the text of the messages, both live and late", async () => {
  const { gate, turn } = await heldTurn();
  const stream = turn.textStream();
  expect((await stream.next()).value).toBe("he");
  gate.open();
  expect(await collect(stream)).toEqual(["llo"]);
  expect((await collect(turn.textStream())).join("")).toBe("hello");
});

test("two readers of one turn and its result, all at once", async () => {
  const { gate, turn } = await heldTurn();
  const reads = Promise.all([collect(turn.stream()), collect(turn.stream()), turn.run()]);
  gate.open();
  const [one, two, result] = await reads;
  expect(two.map(({ method }) => method)).toEqual(one.map(({ method }) => method));
  expect(result.text).toBe("hello");
});

test("noise in the model's stream is ignored", async () => {
  server.model.enqueue(reply("a", malformed(), "b"));
  const thread = await server.codex.threadStart();
  const turn = await thread.turn("hi");
  expect((await collect(turn.textStream())).join("")).toBe("ab");
});

test("thousands of deltas arrive completely and in order", async () => {
  const words = Array.from({ length: 5_000 }, (_, n) => `${n} `);
  server.model.enqueue(text(words));
  const thread = await server.codex.threadStart();
  const turn = await thread.turn("count");
  const streamed = (await collect(turn.textStream())).join("");
  expect(streamed).toBe(words.join(""));
  expect((await turn.run()).text).toBe(streamed);
});

test("an iterator that is left while the model is silent ends immediately, as do pending reads", async () => {
  const { gate, turn } = await heldTurn();
  await gate.reached;
  const done = { value: undefined, done: true };
  const texts = turn.textStream();
  expect((await texts.next()).value).toBe("he");
  const waiting = [texts.next(), texts.next()];
  expect(await texts.return(undefined)).toEqual(done);
  expect(await Promise.all(waiting)).toEqual([done, done]);
  for (const open of [() => turn.stream(), () => server.codex.notifications()]) {
    const iterator: AsyncIterator<unknown> = open();
    const events = iterator.next();
    await iterator.return?.();
    await Promise.all([events, iterator.next()]);
    expect(await iterator.next()).toEqual(done);
  }
  gate.open();
  expect((await turn.run()).text).toBe("hello");
});

test.each(["textStream", "stream"] as const)(
  "a web stream of %s is cancelled while the model is silent",
  async (name) => {
    const { gate, turn } = await heldTurn();
    await gate.reached;
    const reader = ReadableStream.from<unknown>(turn[name]()).getReader();
    const isSaid = (value: unknown) => JSON.stringify(value).includes('"he"');
    while (!isSaid((await reader.read()).value));
    const waiting = reader.read();
    // Until the web stream has asked the iterator for more.
    await new Promise((resolve) => setImmediate(resolve));
    await reader.cancel();
    expect(await waiting).toEqual({ value: undefined, done: true });
    gate.open();
    expect((await turn.run()).status).toBe("completed");
  },
);

describe("an interrupted turn returns a partial result", () => {
  const plain = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;

  async function interruptedAt(fits: (notification: Notification) => boolean) {
    const thread = await server.codex.threadStart(plain);
    const turn = await thread.turn("hi");
    for await (const notification of turn.stream()) if (fits(notification)) break;
    await turn.interrupt();
    return turn.run();
  }

  test("the text of its message so far", async () => {
    server.model.enqueue(text(["he", new Gate(), "llo"], { phase: "final_answer" }));
    const result = await interruptedAt(({ method }) => method === "item/agentMessage/delta");
    expect(result).toMatchObject({ status: "interrupted", text: "he" });
    expect(result.items.at(-1)).toMatchObject({ type: "agentMessage", text: "he" });
  });

  test("not the text of commentary", async () => {
    server.model.enqueue(text(["he", new Gate(), "llo"], { phase: "commentary" }));
    const result = await interruptedAt(({ method }) => method === "item/agentMessage/delta");
    expect(result).toMatchObject({ status: "interrupted", text: "" });
    expect(result.items.at(-1)).toMatchObject({ type: "agentMessage", text: "he" });
  });

  test("its reasoning so far", async () => {
    server.model.enqueue(reply(reasoning(["so ", "far", new Gate(), "!"])));
    const result = await interruptedAt(
      ({ method, params }) =>
        method === "item/reasoning/summaryTextDelta" && params.delta.endsWith("far"),
    );
    expect(result.items.at(-1)).toMatchObject({ type: "reasoning", summary: ["so far"] });
  });

  test("a running command, with its output so far", async () => {
    const cmd = "until [ -e never ]; do echo one; sleep 0.05; done";
    server.model.enqueue(reply(command(cmd, { args: { yield_time_ms: 30_000 } })));
    const result = await interruptedAt(
      ({ method }) => method === "item/commandExecution/outputDelta",
    );
    expect(result.items.at(-1)).toMatchObject({
      type: "commandExecution",
      aggregatedOutput: expect.stringContaining("one"),
    });
  });
});

test("a turn whose model stops in the middle of a message returns the text so far", async () => {
  const message = { type: "message", role: "assistant", id: "msg_1", content: [] };
  const place = { item_id: "msg_1", output_index: 0 };
  const beginning = events(
    { type: "response.output_item.added", output_index: 0, item: message },
    { type: "response.output_text.delta", ...place, content_index: 0, delta: "so far" },
  );
  server.model.enqueue(reply(beginning, cut()));
  const result = await (await server.codex.threadStart()).run("hi");
  expect(result).toMatchObject({ status: "failed", text: "so far" });
  expect(() => result.throwIfFailed()).toThrow("disconnected");
});

describe("a stream with a signal or a time limit", () => {
  async function readAll(stream: AsyncIterable<string>, onText = () => {}): Promise<void> {
    for await (const _ of stream) onText();
  }

  test("interrupts the turn when it aborts, and the loop gets the partial result", async () => {
    const { thread, turn } = await heldTurn();
    const controller = new AbortController();
    const reason = new Error("enough");
    const { signal } = controller;
    const error = await failureOf(
      readAll(turn.textStream({ signal }), () => controller.abort(reason)),
    );
    expect(error).toBeInstanceOf(TurnAbortedError);
    expect(error).toMatchObject({ cause: reason, result: { text: "he" } });
    expect((await turn.run()).status).toBe("interrupted");
    expect((await thread.run("next")).text).toBeDefined();
  });

  test("interrupts the turn after timeoutMs, even if nothing reads the stream", async () => {
    const { gate, turn } = await heldTurn();
    await gate.reached;
    const stream = turn.stream({ timeoutMs: 50 });
    await stream.next();
    expect((await turn.run()).status).toBe("interrupted");
    await stream.return(undefined);
  });

  test("changes nothing once the turn has ended", async () => {
    const { gate, turn } = await heldTurn();
    const controller = new AbortController();
    const stream = turn.textStream({ signal: controller.signal, timeoutMs: 60_000 });
    gate.open();
    await turn.run();
    controller.abort();
    expect((await collect(stream)).join("")).toBe("hello");
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  test("leaves the turn running when the loop is left", async () => {
    const { gate, turn } = await heldTurn();
    const controller = new AbortController();
    for await (const _ of turn.textStream({ signal: controller.signal })) break;
    controller.abort();
    gate.open();
    expect((await turn.run()).text).toBe("hello");
  });
});
