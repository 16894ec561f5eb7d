import { describe, expect, onTestFinished, test } from "vitest";
import type { ThreadItem, Turn, TurnResult } from "../../../src/index.ts";
import { command, cut, Gate, reply, startScripted, text } from "../../../src/testing/index.ts";
import { descendantsRunning } from "../../support/commands.ts";
import { failureOf, nextOf, sharedServer } from "../../support/e2e.ts";
import { waitUntil } from "../../support/wait-until.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });
const UNSANDBOXED = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;

/** A command line that no other test uses; the command ends on its own after the test. */
let commands = 0;
const longSleep = () => `sleep 47.${process.pid}${String(++commands).padStart(2, "0")}`;

const isRunning = (line: string) => descendantsRunning(line).length > 0;

function commandItem(result: TurnResult): ThreadItem | undefined {
  return result.items.find((item) => item.type === "commandExecution");
}

/** A turn that has said something and now runs this command. */
async function turnWith(line: string, options: { signal?: AbortSignal; timeoutMs?: number } = {}) {
  const { codex, model } = server;
  model.enqueue(reply("Looking.", command(line, { args: { yield_time_ms: 30_000 } })));
  const thread = await codex.threadStart(UNSANDBOXED);
  const begun = nextOf(codex, "item/started", (p) => p.item.type === "commandExecution");
  const turn = await thread.turn("run it", options);
  await begun;
  expect(isRunning(line)).toBe(true);
  return { thread, turn };
}

describe("the command of a turn ends with it", () => {
  const ways: Record<string, (turn: Turn) => Promise<unknown>> = {
    "interrupt()": (turn) => turn.interrupt(),
    "run({ timeoutMs })": (turn) => failureOf(turn.run({ timeoutMs: 1 })),
    "run({ signal })": (turn) => failureOf(turn.run({ signal: AbortSignal.abort() })),
  };
  test.each(Object.entries(ways))("by %s", async (_way, end) => {
    const line = longSleep();
    const { turn } = await turnWith(line);
    await end(turn);
    await waitUntil(`${line} has ended`, () => !isRunning(line), 5_000);
  });

  test("by interrupt() of a turn that this client no longer follows", async () => {
    const line = longSleep();
    const { thread, turn } = await turnWith(line);
    await thread.unsubscribe();
    await turn.interrupt();
    await waitUntil(`${line} has ended`, () => !isRunning(line), 5_000);
  });

  test("by the signal of turn()", async () => {
    const line = longSleep();
    const controller = new AbortController();
    const { turn } = await turnWith(line, { signal: controller.signal });
    controller.abort();
    await failureOf(turn.run());
    await waitUntil(`${line} has ended`, () => !isRunning(line), 5_000);
  });

  test("by the timeoutMs of turn()", async () => {
    const line = longSleep();
    const { turn } = await turnWith(line, { timeoutMs: 1_500 });
    await failureOf(turn.run());
    await waitUntil(`${line} has ended`, () => !isRunning(line), 5_000);
  });

  test("all of several", async () => {
    const lines = [longSleep(), longSleep()];
    const { codex, model } = server;
    const args = { yield_time_ms: 250 };
    const [one = "", two = ""] = lines;
    model.enqueue(command(one, { args }), command(two, { args: { yield_time_ms: 30_000 } }));
    const thread = await codex.threadStart(UNSANDBOXED);
    const turn = await thread.turn("run them");
    await waitUntil("both run", () => lines.every(isRunning));
    await turn.interrupt();
    await waitUntil("both have ended", () => !lines.some(isRunning), 5_000);
  });
});

test("an interrupt without the experimental API stops the turn, and says that its command may continue", async () => {
  const line = longSleep();
  const other = await startScripted({ experimentalApi: false });
  onTestFinished(() => other[Symbol.asyncDispose]());
  other.model.enqueue(command(line, { args: { yield_time_ms: 30_000 } }));
  const thread = await other.codex.threadStart(UNSANDBOXED);
  const begun = nextOf(other.codex, "item/started", (p) => p.item.type === "commandExecution");
  const turn = await thread.turn("run it");
  await begun;
  await expect(turn.interrupt()).rejects.toThrow("its commands may still be running");
  expect((await turn.run()).status).toBe("interrupted");
});

describe("an interrupt doesn't affect", () => {
  test("a background command of an earlier turn", async () => {
    const { codex, model } = server;
    const [earlier, now] = [longSleep(), longSleep()];
    model.enqueue(command(earlier, { args: { yield_time_ms: 250 } }), "It runs.");
    const thread = await codex.threadStart(UNSANDBOXED);
    await thread.run("in the background");
    model.enqueue(command(now, { args: { yield_time_ms: 30_000 } }));
    const begun = nextOf(codex, "item/started", (p) => p.item.type === "commandExecution");
    const turn = await thread.turn("in the foreground");
    await begun;
    await turn.interrupt();
    await waitUntil(`${now} has ended`, () => !isRunning(now), 5_000);
    expect(isRunning(earlier)).toBe(true);
    await codex.request("thread/backgroundTerminals/clean", { threadId: thread.id });
    await waitUntil(`${earlier} has ended`, () => !isRunning(earlier), 5_000);
  });

  test("commands of another thread", async () => {
    const [one, other] = [longSleep(), longSleep()];
    const first = await turnWith(one);
    const second = await turnWith(other);
    await first.turn.interrupt();
    await waitUntil(`${one} has ended`, () => !isRunning(one), 5_000);
    expect(isRunning(other)).toBe(true);
    await second.turn.interrupt();
    await waitUntil(`${other} has ended`, () => !isRunning(other), 5_000);
  });
});

describe("the result of an interrupted turn", () => {
  test("has the text that was streamed", async () => {
    const gate = new Gate();
    server.model.enqueue(text(["half of ", "a sentence", gate]));
    const thread = await server.codex.threadStart();
    const turn = await thread.turn("hi");
    const words = turn.textStream();
    let said = "";
    while (said !== "half of a sentence") said += (await words.next()).value;
    await turn.interrupt();
    const result = await turn.run();
    expect([result.status, result.text]).toEqual(["interrupted", said]);
    expect(result.items.at(-1)).toMatchObject({ type: "agentMessage", text: said });
    gate.open();
  });

  test("has the command that ran, with its state", async () => {
    const line = longSleep();
    const { turn } = await turnWith(line);
    await turn.interrupt();
    const result = await turn.run();
    expect(result.status).toBe("interrupted");
    expect(result.text).toBe("Looking.");
    expect(commandItem(result)).toMatchObject({ command: expect.stringContaining(line) });
    expect(commandItem(result)).not.toMatchObject({ status: "completed" });
  });

  test("has what a failed turn had streamed", async () => {
    const gate = new Gate();
    server.model.enqueue(reply("Whole.", text(["half of ", "a sentence", gate]), cut()));
    const thread = await server.codex.threadStart();
    const turn = await thread.turn("go");
    const words = turn.textStream();
    let said = "";
    while (said !== "Whole.half of a sentence") said += (await words.next()).value;
    gate.open();
    const result = await turn.run();
    expect(result.status).toBe("failed");
    const messages = result.items.flatMap((item) =>
      item.type === "agentMessage" ? [item.text] : [],
    );
    expect(messages).toEqual(["Whole.", "half of a sentence"]);
    expect(result.text).toBe("half of a sentence");
  });
});

test("a thread accepts the next turn, no matter how the last one ended", async () => {
  const line = longSleep();
  const { thread, turn } = await turnWith(line);
  await turn.interrupt();
  expect((await thread.run("next")).text).toBe("echo next");
  const controller = new AbortController();
  const aborted = failureOf(thread.run("aborted", { signal: controller.signal }));
  controller.abort(new Error("enough"));
  await aborted;
  expect((await thread.run("last")).text).toBe("echo last");
});
