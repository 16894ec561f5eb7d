import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import type { DiagnosticsChannels, Thread, Turn } from "../../../src/index.ts";
import { Gate, type ModelRequest, reply, text } from "../../../src/testing/index.ts";
import { nextOf } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** A client whose connection can be cut, and another one of the same server. */
async function twoClients(script: Parameters<typeof startServed>[0] = echo) {
  const served = await startServed(script);
  const relay = await startRelay(served.port);
  const ours = served.client({ reconnect: { initialDelayMs: 1_000 } }, relay.port);
  return {
    ...{ ours, theirs: served.client() },
    /** Cuts this client's connection until the work is done; resolves when there is a new one. */
    async cutDuring(work: () => Promise<unknown>): Promise<void> {
      const back = reconnected(ours);
      relay.isOpen = false;
      relay.cut();
      await work();
      relay.isOpen = true;
      await back;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await relay[Symbol.asyncDispose]();
      await served[Symbol.asyncDispose]();
    },
  };
}

function echo(request: ModelRequest): string {
  return `echo ${request.userText}`;
}

/** The turns that `onTurn` reports from now on. */
function reportedOn(thread: Thread): Turn<undefined>[] {
  const turns: Turn<undefined>[] = [];
  thread.onTurn((turn) => turns.push(turn));
  return turns;
}

/** How many requests of this method have their answers, from now on. */
function countAnswers(method: string): Disposable & { readonly count: number } {
  const name = "codex-app-server:request:end";
  let count = 0;
  const ended = (request: unknown) => {
    if ((request as DiagnosticsChannels[typeof name]).method === method) count++;
  };
  subscribe(name, ended);
  return {
    get count() {
      return count;
    },
    [Symbol.dispose]: () => void unsubscribe(name, ended),
  };
}

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
    await using clients = await twoClients();
    const { ours, theirs } = clients;
    const thread = await ours.threadStart();
    await thread.run("0");
    const turns = reportedOn(thread);
    const same = await theirs.threadResume(thread.id);
    const words = Array.from({ length: count }, (_, index) => `${index + 1}`);
    const ids: string[] = [];
    await clients.cutDuring(async () => {
      for (const word of words) ids.push((await same.run(word)).turnId);
    });
    await waitUntil("all are reported", () => turns.length >= count);
    expect(turns.map(({ id }) => id)).toEqual(ids);
    expect(await textsOf(turns)).toEqual(words.map((word) => `echo ${word}`));
    ids.push((await same.run("last")).turnId);
    await waitUntil("the next one is reported", () => turns.length > count);
    expect(turns.map(({ id }) => id)).toEqual(ids);
  },
);

test("onTurn reports none that ran before the thread was resumed", async () => {
  await using clients = await twoClients();
  const { ours, theirs } = clients;
  const thread = await theirs.threadStart();
  for (const word of ["a", "b"]) await thread.run(word);
  const same = await ours.threadResume(thread.id);
  const asked = answered("thread/turns/list");
  const turns = reportedOn(same);
  await asked;
  await clients.cutDuring(() => thread.run("c"));
  await waitUntil("it is reported", () => turns.length > 0);
  expect(await textsOf(turns)).toEqual(["echo c"]);
  await thread.run("d");
  await waitUntil("the next one is reported", () => turns.length > 1);
  expect(await textsOf(turns)).toEqual(["echo c", "echo d"]);
});

test("onTurn reports a turn that ran after one that was cut off", async () => {
  const gate = new Gate();
  await using clients = await twoClients(["zero", reply(text(["one ", gate, "more"])), "two"]);
  const { ours, theirs } = clients;
  const thread = await ours.threadStart();
  await thread.run("0");
  const turns = reportedOn(thread);
  const same = await theirs.threadResume(thread.id);
  const started = nextOf(theirs, "turn/started");
  const own = await thread.turn("1");
  await Promise.all([gate.reached, started]);
  await clients.cutDuring(() => {
    gate.open();
    return same.run("2");
  });
  expect((await own.run()).text).toBe("one more");
  await waitUntil("both are reported", () => turns.length > 1);
  expect(await textsOf(turns)).toEqual(["one more", "two"]);
});

test("onTurn doesn't report the turns that a fork has inherited", async () => {
  await using clients = await twoClients();
  const { ours, theirs } = clients;
  const thread = await ours.threadStart();
  for (const word of ["a", "b"]) await thread.run(word);
  const fork = await thread.fork();
  const asked = answered("thread/turns/list");
  const turns = reportedOn(fork);
  await asked;
  const same = await theirs.threadResume(fork.id);
  await clients.cutDuring(() => same.run("c"));
  await waitUntil("it is reported", () => turns.length > 0);
  await fork.run("d");
  expect(await textsOf(turns)).toEqual(["echo c", "echo d"]);
});

test("onTurn reports a missed turn after the newest one was removed", async () => {
  await using clients = await twoClients();
  const { ours, theirs } = clients;
  const thread = await ours.threadStart();
  for (const word of ["a", "b"]) await thread.run(word);
  const turns = reportedOn(thread);
  await thread.rollback(1);
  const same = await theirs.threadResume(thread.id);
  await clients.cutDuring(() => same.run("c"));
  await thread.run("d");
  expect(await textsOf(turns)).toEqual(["echo c", "echo d"]);
});

test("onTurn reports a missed turn before one that starts immediately after the cut", async () => {
  await using clients = await twoClients();
  const { ours, theirs } = clients;
  // Idle threads are resumed one by one, and these come first.
  for (let count = 0; count < 20; count++) await (await ours.threadStart()).run("x");
  const thread = await ours.threadStart();
  await thread.run("a");
  const turns = reportedOn(thread);
  const same = await theirs.threadResume(thread.id);
  await clients.cutDuring(() => same.run("b"));
  await thread.run("c");
  expect(await textsOf(turns)).toEqual(["echo b", "echo c"]);
});

test("onTurn reports a turn that began during one cut and ended during the next", async () => {
  const gate = new Gate();
  await using clients = await twoClients(["zero", reply(text([gate, "one"])), "two"]);
  const { ours, theirs } = clients;
  const thread = await ours.threadStart();
  await thread.run("0");
  const turns = reportedOn(thread);
  const same = await theirs.threadResume(thread.id);
  const ended = nextOf(theirs, "turn/completed");
  let listed: Promise<void> | undefined;
  await clients.cutDuring(async () => {
    await same.turn("1");
    await gate.reached;
    listed = answered("thread/turns/list");
  });
  await listed;
  await clients.cutDuring(async () => {
    gate.open();
    await ended;
  });
  await thread.run("2");
  expect(await textsOf(turns)).toEqual(["one", "two"]);
});

test("a turn that ended during a cut is found at once, although many others ran after it", async () => {
  const gate = new Gate();
  const others = Array.from({ length: 7 }, (_, index) => `${index + 2}`);
  await using clients = await twoClients(["zero", reply(text(["one ", gate, "more"])), ...others]);
  const { ours, theirs } = clients;
  const thread = await ours.threadStart();
  await thread.run("0");
  const same = await theirs.threadResume(thread.id);
  const started = nextOf(theirs, "turn/started");
  const own = await thread.turn("1");
  await Promise.all([gate.reached, started]);
  using listings = countAnswers("thread/turns/list");
  await clients.cutDuring(async () => {
    gate.open();
    for (const word of others) await same.run(word);
  });
  expect((await own.run()).text).toBe("one more");
  // One page of the newest turns, and the pages before it.
  expect(listings.count).toBeLessThan(5);
});

test.each([
  ["was aborted", true],
  ["is sent again", false],
])(
  "a turn during a cut is reported although a start was lost in the cut, and %s",
  async (_, isAborted) => {
    await using served = await startServed(() => "ok");
    await using relay = await startRelay(served.port);
    await using codex = served.client({}, relay.port);
    await using observer = served.client();
    const thread = await codex.threadStart();
    await thread.run("first");
    const seen: string[] = [];
    thread.onTurn(({ id }) => seen.push(id));
    const others = await observer.threadResume(thread.id);
    relay.isForwarding = false;
    const sent = relay.nextSent();
    const controller = new AbortController();
    const started = thread.run("second", { signal: controller.signal }).then(
      ({ turnId }) => turnId,
      () => "aborted",
    );
    await sent;
    relay.isOpen = false;
    relay.cut();
    const { turnId } = await others.run("another client's");
    const connected = reconnected(codex);
    relay.isForwarding = true;
    relay.isOpen = true;
    await connected;
    if (isAborted) controller.abort();
    const own = await started;
    const expected = isAborted ? [turnId] : [turnId, own];
    await expect.poll(() => [...seen].sort(), { timeout: 25_000 }).toEqual(expected.sort());
  },
);
