import { getEventListeners } from "node:events";
import { types } from "node:util";
import { MessagePort } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { z } from "zod";
import { bench, syncClients } from "../../support/both-clients.ts";
import { collectGarbage, collectUntil } from "../../support/garbage.ts";

const server = bench();
const clients = syncClients(server);

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

/** How many signals follow this one by `AbortSignal.any()`. */
function followers(signal: AbortSignal): number {
  const sets = Object.getOwnPropertySymbols(signal)
    .map((key): unknown => Reflect.get(signal, key))
    .filter(types.isSet);
  return sets.reduce((sum, { size }) => sum + size, 0);
}

describe("a signal has no listener and no follower", () => {
  test("after many calls with it", () => {
    const { signal } = new AbortController();
    const thread = clients.shared.threadStart({ signal });
    for (let count = 0; count < 5; count++) {
      expect(thread.run("hi", { signal }).text).toBe("echo hi");
      thread.turn("hi", { signal }).run({ signal });
      clients.shared.modelList({ signal });
      [...clients.shared.threads({ signal, limit: 1 })].at(0);
    }
    expect([listeners(signal), followers(signal)]).toEqual([0, 0]);
  });

  test("after its client was closed, or couldn't start", () => {
    const { signal } = new AbortController();
    const own = clients.client({ signal });
    expect(listeners(signal)).toBe(1);
    own.close();
    expect(() => clients.client({ signal, codexBin: "/no/such/codex" })).toThrow();
    expect([listeners(signal), followers(signal)]).toEqual([0, 0]);
  });
});

describe("objects that were dropped unfinished are released in the worker", () => {
  let posted: MockInstance<MessagePort["postMessage"]>;
  beforeEach(async () => {
    await releaseOld();
    posted = vi.spyOn(MessagePort.prototype, "postMessage");
  });
  afterEach(() => posted.mockRestore());

  /** Releases the objects that other tests no longer use. */
  async function releaseOld() {
    for (let count = 0; count < 3; count++) {
      collectGarbage();
      await new Promise(setImmediate);
    }
  }

  const released = () =>
    posted.mock.calls.filter(([message]) => (message as { kind?: unknown })?.kind === "release");

  const outputSchema = z.object({ n: z.number() });
  const drops: Record<string, [objects: number, drop: () => unknown]> = {
    "a thread": [1, () => clients.shared.threadStart()],
    "a turn with its thread": [2, () => clients.shared.threadStart().turn("hi", { outputSchema })],
    "a stream": [3, () => clients.shared.threadStart().turn("hi").stream().next()],
    "a text stream": [3, () => clients.shared.threadStart().turn("hi").textStream().next()],
    "a list of threads": [1, () => clients.shared.threads({ limit: 1 }).next()],
    "notifications that were never read": [1, () => clients.shared.notifications()],
    "notifications that were read in part": [
      2,
      () => {
        const notifications = clients.shared.notifications();
        clients.shared.threadStart();
        return notifications.next();
      },
    ],
  };

  test.each(Object.entries(drops))("%s", async (_what, [objects, drop]) => {
    drop();
    await collectUntil("all is released", () => released().length >= objects);
    expect(released()).toHaveLength(objects);
  });

  test.each(Object.entries(drops))(
    "%s, by a program that never yields",
    (_what, [objects, drop]) => {
      drop();
      for (let count = 0; count < 400 && released().length < objects; count++) {
        if (count % 32 === 0) collectGarbage();
        void clients.shared.status;
      }
      expect(released()).toHaveLength(objects);
    },
  );

  test("except subscriptions", async () => {
    const ids: string[] = [];
    clients.shared.on("thread/started", ({ thread }) => ids.push(thread.id));
    await releaseOld();
    const { id } = clients.shared.threadStart();
    clients.shared.modelList();
    expect(ids).toContain(id);
  });
});
