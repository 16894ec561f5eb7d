import { describe, expect, test } from "vitest";
import { Codex, RequestTimeoutError, TurnAbortedError, TurnTimeoutError } from "../../src/index.ts";
import {
  Gate,
  reasoning,
  reply,
  startScripted,
  text,
  unfinished,
  usage,
} from "../../src/testing/index.ts";
import { stdio } from "../../src/transport/stdio.ts";
import { collect, failureOf, nextOf, sharedServer } from "../support/e2e.ts";
import { recording } from "../support/recording.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });

describe("a result", () => {
  test("has the text of one message, made of its deltas, and one completion", async () => {
    server.model.enqueue(text(["he", "llo"]));
    const thread = await server.codex.threadStart();
    const turn = await thread.turn("hi");
    const result = await turn.run();
    expect(result).toMatchObject({
      threadId: thread.id,
      turnId: turn.id,
      status: "completed",
      error: null,
      text: "hello",
      output: undefined,
    });
    expect(result.items.map(({ type }) => type)).toEqual(["userMessage", "agentMessage"]);
    expect(result.throwIfFailed()).toBe(result);
    const methods = (await collect(turn.stream())).map(({ method }) => method);
    expect(methods.filter((method) => method === "turn/completed")).toHaveLength(1);
    expect(methods.at(-1)).toBe("turn/completed");
  });

  test("has the times and the usage that was reported last", async () => {
    server.model.enqueue(reply("x", usage({ inputTokens: 100, outputTokens: 20 })));
    const thread = await server.codex.threadStart();
    const before = Math.floor(Date.now() / 1000) * 1000;
    const result = await thread.run("hi");
    expect(result.usage).toMatchObject({
      threadId: thread.id,
      turnId: result.turnId,
      tokenUsage: { last: { inputTokens: 100, outputTokens: 20, totalTokens: 120 } },
    });
    expect(result.startedAt?.getTime()).toBeGreaterThanOrEqual(before);
    expect(result.completedAt?.getTime()).toBeGreaterThanOrEqual(before);
    expect(result.durationMs).toEqual(expect.any(Number));
  });

  test.each([
    ["the last final answer wins, even before commentary", ["f:one", "f:two", "c:aside"], "two"],
    ["without one, the last message of no phase", ["-:one", "-:two", "c:aside"], "two"],
    ["a final answer goes before what has no phase", ["f:answer", "-:late"], "answer"],
    ["commentary never counts", ["c:aside"], ""],
    ["an empty answer stays empty", ["-:words", "f:"], ""],
  ])("text: %s", async (_rule, messages, expected) => {
    const parts = messages.map((message) => {
      const words = message.slice(2);
      if (message.startsWith("-")) return text(words);
      return text(words, { phase: message.startsWith("f") ? "final_answer" : "commentary" });
    });
    server.model.enqueue(reply(...parts));
    const thread = await server.codex.threadStart();
    expect((await thread.run("hi")).text).toBe(expected);
  });

  test("is the same on repeated calls, and on a turn that ended long ago", async () => {
    server.model.enqueue(reply(reasoning("hm"), "done"));
    const thread = await server.codex.threadStart();
    const turn = await thread.turn("hi");
    const [one, two] = await Promise.all([turn.run(), turn.run()]);
    await thread.run("another");
    expect(two).toBe(one);
    expect(await turn.run()).toBe(one);
    expect(one.items.map(({ type }) => type)).toEqual(["userMessage", "reasoning", "agentMessage"]);
  });
});

describe("turns", () => {
  test("accept the options of the protocol", async () => {
    const thread = await server.codex.threadStart();
    await thread.run("hi", { model: "gpt-5.4", clientUserMessageId: "mine", summary: undefined });
    expect(server.model.requests.at(-1)?.body.model).toBe("gpt-5.4");
    const [turn] = (await thread.read({ includeTurns: true })).thread.turns;
    expect(turn?.items[0]).toMatchObject({ type: "userMessage", clientId: "mine" });
    const effort = await server.codex.threadStart();
    await effort.run("hi", { effort: "high" });
    expect(server.model.requests.at(-1)?.body.reasoning).toMatchObject({ effort: "high" });
  });

  test("of two threads do not mix when they are interleaved", async () => {
    const { codex, model } = server;
    const gates = [new Gate(), new Gate(), new Gate()] as const;
    model.enqueue(text(["a1 ", gates[0], "a2 ", gates[2], "a3"]));
    const [one, two] = [await codex.threadStart(), await codex.threadStart()];
    const first = await one.turn("first");
    await gates[0].reached;
    model.enqueue(text(["b1 ", gates[1], "b2"]));
    const second = await two.turn("second");
    await gates[1].reached;
    gates[0].open();
    await gates[2].reached;
    gates[1].open();
    expect((await second.run()).text).toBe("b1 b2");
    gates[2].open();
    expect((await first.run()).text).toBe("a1 a2 a3");
    for (const turn of [first, second]) {
      for (const { params } of await collect(turn.stream())) {
        expect(params).toMatchObject({ threadId: turn.threadId });
      }
    }
  });

  test("of one thread wait for each other, and never steer", async () => {
    const { endpoint, sentOf } = recording(stdio({ env: { CODEX_HOME: server.home } }));
    await using codex = new Codex({ transport: endpoint });
    const gate = new Gate();
    server.model.enqueue(text(["one", gate]));
    const thread = await codex.threadStart();
    const completions: string[] = [];
    codex.on("turn/completed", ({ turn }) => completions.push(turn.id));
    const first = await thread.turn("one");
    const second = thread.turn("two");
    const third = thread.run("three");
    await gate.reached;
    await codex.modelList();
    expect(sentOf("turn/start")).toHaveLength(1);
    gate.open();
    expect((await (await second).run()).text).toBe("echo two");
    expect((await third).text).toBe("echo three");
    expect((await first.run()).text).toBe("one");
    expect(sentOf("turn/steer")).toEqual([]);
    expect(completions).toEqual([first.id, (await second).id, (await third).turnId]);
  });

  test("the wait can be aborted", async () => {
    const gate = new Gate();
    server.model.enqueue(text(["one", gate]));
    const thread = await server.codex.threadStart();
    const first = await thread.turn("one");
    const controller = new AbortController();
    const waiting = failureOf(thread.run("two", { signal: controller.signal }));
    const timed = failureOf(thread.run("three", { timeoutMs: 1 }));
    controller.abort(new Error("never mind"));
    expect((await waiting).message).toBe("never mind");
    expect(await timed).toBeInstanceOf(RequestTimeoutError);
    gate.open();
    await first.run();
    expect((await thread.run("four")).text).toBe("echo four");
    const { turns } = (await thread.read({ includeTurns: true })).thread;
    expect(turns).toHaveLength(2);
  });
});

describe("aborting run()", () => {
  test("by a signal interrupts the turn on the server and rejects with the partial result", async () => {
    const { codex, model } = server;
    const gate = new Gate();
    model.enqueue(text(["be", gate, "fore"]));
    const thread = await codex.threadStart();
    const controller = new AbortController();
    const completed = nextOf(codex, "turn/completed", (p) => p.threadId === thread.id);
    const streamed = nextOf(codex, "item/agentMessage/delta", (p) => p.threadId === thread.id);
    const running = failureOf(thread.run("hi", { signal: controller.signal }));
    await streamed;
    const reason = new Error("enough");
    controller.abort(reason);
    const error = await running;
    expect(error).toBeInstanceOf(TurnAbortedError);
    expect(error).toMatchObject({ code: "TURN_ABORTED", threadId: thread.id, cause: reason });
    expect(error).toMatchObject({ result: { status: "inProgress", text: "be" } });
    expect(error.message).toMatch(/was interrupted because its signal aborted: enough$/);
    expect((await completed).turn.status).toBe("interrupted");
    expect(await model.requests.at(-1)?.ended).toBe("aborted");
    expect((await thread.run("next")).text).toBe("echo next");
  });

  test("by timeoutMs does the same, and doesn't affect other calls", async () => {
    const { codex, model } = server;
    const gate = new Gate();
    model.enqueue(text(["be", gate, "fore"]));
    const thread = await codex.threadStart();
    const turn = await thread.turn("hi");
    const unlimited = turn.run();
    for await (const words of turn.textStream()) if (words.includes("be")) break;
    const error = await failureOf(turn.run({ timeoutMs: 5 }));
    expect(error).toBeInstanceOf(RequestTimeoutError);
    expect(error).toBeInstanceOf(TurnTimeoutError);
    expect(error.message).toContain("didn't end within 5 ms");
    expect(error).toMatchObject({ code: "TURN_TIMEOUT", threadId: thread.id, turnId: turn.id });
    expect(error).toMatchObject({ result: { status: "inProgress", text: "be" } });
    expect((await unlimited).status).toBe("interrupted");
  });

  test("that timed out has an error that says why the model wasn't reached", async () => {
    await using scripted = await startScripted({
      config: { model_providers: { scripted: { stream_max_retries: 100 } } },
    });
    scripted.model.respond(() => unfinished());
    const turn = await (await scripted.codex.threadStart()).turn("hi");
    for await (const { method } of turn.stream()) if (method === "error") break;
    const error = await failureOf(turn.run({ timeoutMs: 5 }));
    expect(error.message).toMatch(/was interrupted. The server could not reach the model: \S/);
  });

  test("before the turn started sends nothing", async () => {
    const thread = await server.codex.threadStart();
    const before = server.model.requests.length;
    const signal = AbortSignal.abort(new Error("no"));
    await expect(thread.run("hi", { signal })).rejects.toThrow("no");
    expect((await thread.run("yes")).text).toBe("echo yes");
    expect(server.model.requests.length).toBe(before + 1);
  });
});
