import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import type { DiagnosticsChannels, Turn } from "../../../src/index.ts";
import { Gate, reply, text } from "../../../src/testing/index.ts";
import { nextOf } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";
import { waitUntil } from "../../support/wait-until.ts";

const RECONNECT = { reconnect: { initialDelayMs: 1_000 } };

/** Resolves when the next request of this method has its answer. */
function answered(method: string): Promise<void> {
  return new Promise((resolve) => {
    const name = "codex-app-server:request:end";
    const ended = (request: unknown) => {
      if ((request as DiagnosticsChannels[typeof name]).method !== method) return;
      unsubscribe(name, ended);
      resolve();
    };
    subscribe(name, ended);
  });
}

async function textsOf(turns: readonly Turn<undefined>[]): Promise<string[]> {
  return Promise.all(turns.map(async (turn) => (await turn.run()).text));
}

test.each([1, 7])(
  "onTurn reports turns that ran while the connection was lost, in order: %i",
  async (count) => {
    await using served = await startServed((request) => `echo ${request.userText}`);
    await using relay = await startRelay(served.port);
    const [ours, theirs] = [served.client(RECONNECT, relay.port), served.client()];
    const thread = await ours.threadStart();
    await thread.run("0");
    const turns: Turn<undefined>[] = [];
    thread.onTurn((turn) => turns.push(turn));
    const same = await theirs.threadResume(thread.id);
    const back = reconnected(ours);
    relay.cut();
    const words = Array.from({ length: count }, (_, index) => `${index + 1}`);
    const ids = [];
    for (const word of words) ids.push((await same.run(word)).turnId);
    await back;
    await waitUntil("all are reported", () => turns.length >= count);
    expect(turns.map(({ id }) => id)).toEqual(ids);
    expect(await textsOf(turns)).toEqual(words.map((word) => `echo ${word}`));
    ids.push((await same.run("last")).turnId);
    await waitUntil("the next one is reported", () => turns.length > count);
    expect(turns.map(({ id }) => id)).toEqual(ids);
  },
);

test("onTurn reports none that ran before the thread was resumed", async () => {
  await using served = await startServed((request) => `echo ${request.userText}`);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [served.client(RECONNECT, relay.port), served.client()];
  const thread = await theirs.threadStart();
  for (const word of ["a", "b"]) await thread.run(word);
  const turns: Turn<undefined>[] = [];
  const same = await ours.threadResume(thread.id);
  const asked = answered("thread/turns/list");
  same.onTurn((turn) => turns.push(turn));
  await asked;
  const back = reconnected(ours);
  relay.cut();
  await thread.run("c");
  await back;
  await waitUntil("it is reported", () => turns.length > 0);
  expect(await textsOf(turns)).toEqual(["echo c"]);
  await thread.run("d");
  await waitUntil("the next one is reported", () => turns.length > 1);
  expect(await textsOf(turns)).toEqual(["echo c", "echo d"]);
});

test("onTurn reports a turn that ran after one that was cut off", async () => {
  const gate = new Gate();
  await using served = await startServed(["zero", reply(text(["one ", gate, "more"])), "two"]);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [served.client(RECONNECT, relay.port), served.client()];
  const thread = await ours.threadStart();
  await thread.run("0");
  const turns: Turn<undefined>[] = [];
  thread.onTurn((turn) => turns.push(turn));
  const same = await theirs.threadResume(thread.id);
  const started = nextOf(theirs, "turn/started");
  const own = await thread.turn("1");
  await Promise.all([gate.reached, started]);
  const back = reconnected(ours);
  relay.cut();
  gate.open();
  await same.run("2");
  await back;
  expect((await own.run()).text).toBe("one more");
  await waitUntil("both are reported", () => turns.length > 1);
  expect(await textsOf(turns)).toEqual(["one more", "two"]);
});

test("onTurn doesn't report the turns that a fork has inherited", async () => {
  await using served = await startServed((request) => `echo ${request.userText}`);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [served.client(RECONNECT, relay.port), served.client()];
  const thread = await ours.threadStart();
  for (const word of ["a", "b"]) await thread.run(word);
  const fork = await thread.fork();
  const turns: Turn<undefined>[] = [];
  const asked = answered("thread/turns/list");
  fork.onTurn((turn) => turns.push(turn));
  await asked;
  const same = await theirs.threadResume(fork.id);
  const back = reconnected(ours);
  relay.cut();
  await same.run("c");
  await back;
  await waitUntil("it is reported", () => turns.length > 0);
  await fork.run("d");
  expect(await textsOf(turns)).toEqual(["echo c", "echo d"]);
});

test("onTurn reports a missed turn after the newest one was removed", async () => {
  await using served = await startServed((request) => `echo ${request.userText}`);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [served.client(RECONNECT, relay.port), served.client()];
  const thread = await ours.threadStart();
  for (const word of ["a", "b"]) await thread.run(word);
  const turns: Turn<undefined>[] = [];
  thread.onTurn((turn) => turns.push(turn));
  await thread.rollback(1);
  const same = await theirs.threadResume(thread.id);
  const back = reconnected(ours);
  relay.cut();
  await same.run("c");
  await back;
  await thread.run("d");
  expect(await textsOf(turns)).toEqual(["echo c", "echo d"]);
});

test("onTurn reports a missed turn before one that starts immediately after the cut", async () => {
  await using served = await startServed((request) => `echo ${request.userText}`);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [served.client(RECONNECT, relay.port), served.client()];
  // Idle threads are resumed one by one, and these come first.
  for (let count = 0; count < 20; count++) await (await ours.threadStart()).run("x");
  const thread = await ours.threadStart();
  await thread.run("a");
  const turns: Turn<undefined>[] = [];
  thread.onTurn((turn) => turns.push(turn));
  const same = await theirs.threadResume(thread.id);
  const back = reconnected(ours);
  relay.cut();
  await same.run("b");
  await back;
  await thread.run("c");
  expect(await textsOf(turns)).toEqual(["echo b", "echo c"]);
});

test("onTurn reports a turn that began during one cut and ended during the next", async () => {
  const gate = new Gate();
  await using served = await startServed(["zero", reply(text([gate, "one"])), "two"]);
  await using relay = await startRelay(served.port);
  const [ours, theirs] = [served.client(RECONNECT, relay.port), served.client()];
  const thread = await ours.threadStart();
  await thread.run("0");
  const turns: Turn<undefined>[] = [];
  thread.onTurn((turn) => turns.push(turn));
  const same = await theirs.threadResume(thread.id);
  const first = reconnected(ours);
  relay.cut();
  const running = await same.turn("1");
  await gate.reached;
  const listed = answered("thread/turns/list");
  await Promise.all([first, listed]);
  const second = reconnected(ours);
  relay.cut();
  gate.open();
  await running.run();
  await second;
  await thread.run("2");
  expect(await textsOf(turns)).toEqual(["one", "two"]);
});
