import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LaunchError, TransportClosedError } from "../../../src/errors/errors.ts";
import { Bridge } from "../../../src/sync/bridge.ts";
import { WorkerThread } from "../../../src/sync/worker-thread.ts";
import { endBlockedTests, thrownBy } from "../../support/both-clients.ts";
import { scriptedWorker } from "../../support/sync-worker.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** How the workers of this file are created, and the last one. */
const workers = vi.hoisted(() => ({
  last: undefined as Worker | undefined,
  failure: undefined as Error | undefined,
}));

vi.mock("node:worker_threads", async (original) => {
  const module = await original<typeof import("node:worker_threads")>();
  class SmallWorker extends module.Worker {
    constructor(code: string, options: object) {
      if (workers.failure) throw workers.failure;
      super(code, { ...options, resourceLimits: { maxOldGenerationSizeMb: 24 } });
      workers.last = this;
    }
  }
  return { ...module, Worker: SmallWorker };
});

endBlockedTests();

const PROMPT_MS = 5_000;
/** What a worker does, depending on the member that is called. */
const worker = scriptedWorker(`({ member }, post) => {
  const run = { kind: "run", id: 1, handle: 1, args: { value: [], references: [] } };
  switch (member) {
    case "exit": process.exit(7);
    case "memory": for (const all = []; ; ) all.push(new Array(1000).fill(Math.random()));
    case "ask": return post(run);
    case "loop": for (;;);
  }
  return [member];
}`);

let bridge: Bridge;
beforeEach(() => {
  bridge = new Bridge(new WorkerThread(() => worker), () => ({}));
  bridge.open(() => {}, {});
});
afterEach(() => {
  workers.failure = undefined;
  bridge.end("The test is over");
});

const call = (member: string, ...args: unknown[]) => bridge.call(call, { target: 0, member, args });

describe("a blocked call ends with an error soon after its worker", () => {
  const terminate = () => {
    workers.last?.terminate();
  };
  test.each([
    ["exits", () => call("exit"), "it exited with code 7"],
    ["runs out of memory", () => call("memory"), "it was terminated or ran out of memory"],
    ["is terminated", () => call("ask", terminate), "it was terminated or ran out of memory"],
  ])("%s", (_what, run, why) => {
    const start = performance.now();
    const error = thrownBy(run);
    expect(performance.now() - start).toBeLessThan(PROMPT_MS);
    expect(error).toBeInstanceOf(TransportClosedError);
    expect(error.message).toBe(`The client's worker thread ended unexpectedly: ${why}`);
    expect(error.stack).toContain("worker-death.test.ts");
    const later = thrownBy(() => call("anything"));
    expect(later.message).toBe(error.message);
    expect(later).not.toBe(error);
    expect(bridge.failure?.message).toBe(error.message);
  });

  test("and so do the calls around it", () => {
    const errors: Error[] = [];
    const nested = () => {
      errors.push(thrownBy(() => call("exit")));
    };
    errors.push(thrownBy(() => call("ask", nested)));
    expect(errors.map(({ message }) => message)).toEqual(
      Array(2).fill("The client's worker thread ended unexpectedly: it exited with code 7"),
    );
  });
});

test("a worker that dies between two calls is noticed without a call", async () => {
  workers.last?.terminate();
  await waitUntil("the end is known", () => bridge.ended);
  expect(thrownBy(() => call("anything")).message).toContain("it exited with code 1");
});

test("a worker that dies between two calls is noticed by a program that never yields", () => {
  workers.last?.terminate();
  // This thread can't be notified of the end; the next call finds out.
  expect(thrownBy(() => call("loop")).message).toContain("it was terminated or ran out of memory");
});

test("the death of the worker removes the listeners from the caller's signals", () => {
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, "removeEventListener");
  expect(() => call("exit", { signal })).toThrow("it exited with code 7");
  expect(removed).toHaveBeenCalledTimes(1);
  expect(bridge.sizes).toMatchObject({ handles: 0, signals: 0, pending: 0 });
});

test("if no worker can be created, the error names the cause", () => {
  workers.failure = new Error("Access to this API has been restricted");
  const error = thrownBy(() => new WorkerThread(() => worker));
  expect(error).toBeInstanceOf(LaunchError);
  expect(error.message).toContain(
    "start its worker thread: Access to this API has been restricted",
  );
  expect(error.cause).toBe(workers.failure);
});
