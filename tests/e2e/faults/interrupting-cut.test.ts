import { expect, onTestFinished, test } from "vitest";
import { command, Gate, type Part, reply, text } from "../../../src/testing/index.ts";
import { descendantsRunning } from "../../support/commands.ts";
import { startRelay } from "../../support/relay.ts";
import { startServed } from "../../support/served.ts";
import { family, type Script, SUB_AGENTS, spawnAgent } from "../../support/sub-agents.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** A command line that no other test uses; the command ends on its own after the test. */
let commands = 0;
const longSleep = () => `sleep 49.${process.pid}${String(++commands).padStart(2, "0")}`;

const isRunning = (line: string) => descendantsRunning(line).length > 0;
const run = (line: string, yieldMs: number) => command(line, { args: { yield_time_ms: yieldMs } });

/** A thread on a connection that can be cut; the model's reply to "go" comes after the cut. */
async function onCuttable(script: (afterCut: (part: Part) => Part) => Script) {
  const gate = new Gate();
  const served = await startServed(script((part) => reply("Thinking.", gate, part)));
  const relay = await startRelay(served.port);
  onTestFinished(async () => {
    await served[Symbol.asyncDispose]();
    await relay[Symbol.asyncDispose]();
  });
  const codex = served.client(
    { onWarning: () => {}, reconnect: { initialDelayMs: 1_000, jitterRatio: 0 } },
    relay.port,
  );
  const thread = await codex.threadStart({
    ...{ config: SUB_AGENTS, sandbox: "danger-full-access", approvalPolicy: "never" },
  });
  const startAndCut = async (line: string) => {
    const turn = await thread.turn("go");
    await gate.reached;
    const lost = new Promise<void>((resolve) => {
      codex.onStatus(({ state }) => state === "reconnecting" && resolve());
    });
    relay.cut();
    await lost;
    gate.open();
    await waitUntil(`${line} runs`, () => isRunning(line));
    return turn;
  };
  return { codex, thread, startAndCut };
}

test("a command that begins without a connection ends with its turn, and only that one", async () => {
  const [earlier, line] = [longSleep(), longSleep()];
  const { thread, startAndCut } = await onCuttable((afterCut) => ({ userText, lastOutput }) => {
    if (userText === "go") return afterCut(run(line, 30_000));
    return lastOutput === undefined ? run(earlier, 300) : "It runs.";
  });
  await thread.run("leave something running");
  const turn = await startAndCut(line);
  await turn.interrupt();
  await waitUntil(`${line} has ended`, () => !isRunning(line), 5_000);
  expect(isRunning(earlier)).toBe(true);
});

test("the command of a sub-agent that is spawned without a connection ends with the first turn", async () => {
  const line = longSleep();
  const { codex, startAndCut } = await onCuttable((afterCut) =>
    family(
      ({ lastOutput }) =>
        lastOutput === undefined ? afterCut(spawnAgent("helper")) : text(["working", new Gate()]),
      () => run(line, 30_000),
    ),
  );
  const turn = await startAndCut(line);
  await codex.modelList();
  await turn.interrupt();
  await waitUntil(`${line} has ended`, () => !isRunning(line), 5_000);
});

/** One client's turn has ended and another client's turn has started when the first client loses its connection. */
async function followedByOthers(theirs: Script, begun: () => Promise<void>) {
  const own = new Gate();
  const served = await startServed((request) =>
    request.userText === "mine" ? text([own, "Mine."]) : theirs(request),
  );
  const relay = await startRelay(served.port);
  onTestFinished(async () => {
    await served[Symbol.asyncDispose]();
    await relay[Symbol.asyncDispose]();
  });
  const codex = served.client({ onWarning: () => {} }, relay.port);
  const settings = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;
  const turn = await (await codex.threadStart(settings)).turn("mine");
  await own.reached;
  const thread = await served.client({ onWarning: () => {} }).threadResume(turn.threadId);
  const following = await thread.activeTurn();
  relay.isOpen = false;
  relay.cut();
  own.open();
  await following?.run();
  const other = await thread.turn("theirs");
  await begun();
  const interrupted = turn.interrupt();
  relay.isOpen = true;
  await interrupted;
  expect(await turn.run()).toMatchObject({ status: "completed", text: "Mine." });
  return other;
}

test("an interrupt doesn't stop another client's turn that has followed without a connection", async () => {
  const gate = new Gate();
  const other = await followedByOthers(
    () => text([gate, "Theirs."]),
    () => gate.reached,
  );
  gate.open();
  expect(await other.run()).toMatchObject({ status: "completed", text: "Theirs." });
});

test("an interrupt doesn't stop the command of a turn that has followed without a connection", async () => {
  const line = longSleep();
  const other = await followedByOthers(
    () => run(line, 30_000),
    () => waitUntil(`${line} runs`, () => isRunning(line)),
  );
  expect(isRunning(line)).toBe(true);
  await other.interrupt();
});
