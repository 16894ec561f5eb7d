import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Bridge } from "../../../src/sync/bridge.ts";
import { proxyOf } from "../../../src/sync/proxies.ts";
import { iterate, RemoteIterator } from "../../../src/sync/remote-iterator.ts";
import { RemoteObject } from "../../../src/sync/remote-object.ts";
import type { TurnSync } from "../../../src/sync/turn-sync.ts";
import { WorkerThread } from "../../../src/sync/worker-thread.ts";
import { endBlockedTests, thrownBy } from "../../support/both-clients.ts";
import { collectGarbage, collectUntil } from "../../support/garbage.ts";
import { received, scriptedWorker } from "../../support/sync-worker.ts";

endBlockedTests();

/** Answers `thread`, `turn` and `iterator` with a reference to a new object, and `next` with 1, 2, 3. */
const worker = scriptedWorker(`(() => {
  let last = 100;
  const steps = new Map();
  return ({ member, target }, post) => {
    if (member === "run") {
      const signal = { path: ["0"], reference: { type: "signal", signal: 7 } };
      post({ kind: "run", id: ++last, handle: 1, args: { value: [undefined], references: [signal] } });
      post({ kind: "abort", signal: 7, reason: { value: "why", references: [] } });
    }
    if (member === "next") {
      const step = (steps.get(target) ?? 0) + 1;
      steps.set(target, step);
      return [step > 3 ? { value: undefined, done: true } : { value: step, done: false }];
    }
    const type = ["textStream", "stream"].includes(member) ? "iterator" : member;
    if (!["thread", "turn", "iterator", "disposable"].includes(type)) return [member];
    const reference = { type, target: ++last, fields: { id: "id", threadId: "t" } };
    return [undefined, [{ path: [], reference }]];
  };
})()`);

const EMPTY = { handles: 0, pending: 0, proxies: 0, signalOwners: 0, signals: 0, workerSignals: 0 };
// A registry that is collected too early ends the finalizers of the process; see CollectionWatch.
const bridges: Bridge[] = [];
let bridge: Bridge;
let remote: RemoteObject;
beforeEach(() => {
  bridge = new Bridge(new WorkerThread(() => worker), proxyOf);
  bridges.push(bridge);
  remote = new RemoteObject(bridge, 0);
});
afterEach(() => bridge.end("The test is over"));

const call = (member: string, ...args: unknown[]) => remote.call(call, member, args);
const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;
const released = () =>
  received(bridge).flatMap((message) => (message.kind === "release" ? [message.target] : []));

describe("a signal", () => {
  test("of a call has no listener after the call, no matter how the call ended", () => {
    const { signal } = new AbortController();
    for (let count = 0; count < 20; count++) call("anything", { signal });
    call("thread", { signal });
    expect(() => call("anything", { signal }, new WeakMap())).toThrow(TypeError);
    expect(() => call("anything", { signal }, { spec: {}, call: () => {} })).toThrow(TypeError);
    expect([listeners(signal), bridge.sizes.signals]).toEqual([0, 0]);
    const numbers = received(bridge).flatMap((one) =>
      one.kind === "releaseSignal" ? [one.signal] : [],
    );
    expect(numbers).toHaveLength(new Set(numbers).size);
    expect(numbers.length).toBeGreaterThanOrEqual(21);
  });

  test("of a turn has one listener until run() has returned", () => {
    const { signal } = new AbortController();
    const turn = call("turn", { signal }) as TurnSync;
    call("anything", { signal });
    expect(listeners(signal)).toBe(1);
    turn.run();
    expect([listeners(signal), bridge.sizes.signals, bridge.sizes.signalOwners]).toEqual([0, 0, 0]);
  });

  test("of a turn has one listener until its stream has ended", () => {
    const { signal } = new AbortController();
    const turn = call("turn", { signal }) as TurnSync;
    const [first] = turn.stream();
    expect([first, listeners(signal)]).toEqual([1, 1]);
    expect([...turn.textStream()]).toEqual([1, 2, 3]);
    expect(listeners(signal)).toBe(0);
  });

  test("of a turn or an iterator that was dropped has no listener", async () => {
    const { signal } = new AbortController();
    call("turn", { signal });
    call("iterator", { signal });
    expect(bridge.sizes).toMatchObject({ signals: 1, signalOwners: 2, proxies: 2 });
    await collectUntil("both are released", () => bridge.sizes.proxies === 0);
    expect(listeners(signal)).toBe(0);
    expect(bridge.sizes).toEqual(EMPTY);
  });

  test("of the client has one listener until the client ends", () => {
    const { signal } = new AbortController();
    bridge.open(call, { signal, retryOnOverload: { signal } });
    expect(listeners(signal)).toBe(1);
    bridge.end("The client was closed");
    expect(listeners(signal)).toBe(0);
    expect(bridge.sizes).toEqual(EMPTY);
  });

  test("that aborts leaves nothing but its reason", () => {
    const controller = new AbortController();
    call("turn", { signal: controller.signal });
    controller.abort("why");
    expect(listeners(controller.signal)).toBe(0);
    expect(bridge.sizes).toMatchObject({ signals: 0, handles: 1 });
    expect(
      thrownBy(() => call("anything", { signal: AbortSignal.abort(new Error("no")) })),
    ).toEqual(new Error("no"));
  });
});

describe("an object of the worker is released", () => {
  const drop = {
    thread: () => call("thread"),
    turn: () => call("turn"),
    "iterator that was never read": () => {
      new RemoteIterator(call("iterator") as RemoteObject);
    },
    "iterator that was read in part": () => {
      const iterator = new RemoteIterator(call("iterator") as RemoteObject);
      expect(iterator.next()).toEqual({ value: 1, done: false });
    },
    "generator that was read in part": () => {
      expect(iterate(() => call("iterator")).next()).toEqual({ value: 1, done: false });
    },
    "stream of a turn": () => {
      const turn = call("turn") as TurnSync;
      expect(turn.stream().next()).toEqual({ value: 1, done: false });
    },
    disposable: () => call("disposable"),
  };
  const objects = (kind: string) => (kind === "stream of a turn" ? [101, 102] : [101]);

  test.each(Object.entries(drop))("when its %s is collected", async (kind, dropOne) => {
    dropOne();
    await collectUntil("it is released", () => bridge.sizes.proxies === 0);
    expect(released().toSorted()).toEqual(objects(kind));
    expect(bridge.sizes).toEqual(EMPTY);
  });

  test.each(Object.entries(drop))(
    "when its %s is collected and the program never yields",
    (kind, dropOne) => {
      dropOne();
      for (let count = 0; count < 64; count++) call("anything");
      collectGarbage();
      for (let count = 0; count < 64; count++) call("anything");
      expect(released().toSorted()).toEqual(objects(kind));
    },
  );

  test("once, when its iterator ends, returns or fails, and the iterator has then ended", () => {
    const ended = new RemoteIterator(call("iterator") as RemoteObject);
    expect([...ended]).toEqual([1, 2, 3]);
    const left = new RemoteIterator(call("iterator") as RemoteObject);
    for (const _first of left) break;
    left.return();
    const failed = new RemoteIterator(call("iterator") as RemoteObject);
    const reason = new Error("enough");
    const fail = () => failed.next.call(failed);
    bridge.call = () => {
      throw reason;
    };
    expect(thrownBy(fail)).toBe(reason);
    Reflect.deleteProperty(bridge, "call");
    for (const iterator of [ended, left, failed]) {
      expect(iterator.next()).toEqual({ value: undefined, done: true });
    }
    expect(released()).toEqual([101, 102, 103]);
    expect(bridge.sizes.proxies).toBe(0);
  });
});

test("nothing is watched or released after the end", () => {
  const thread = call("thread");
  call("turn");
  bridge.end("The client was closed");
  expect(bridge.sizes).toEqual(EMPTY);
  expect(thread).toBeDefined();
});

test("a call that can't be sent leaves nothing behind", () => {
  const { signal } = new AbortController();
  const functions = { signal, one: () => {}, two: () => {} };
  const unsendable = [
    { ...functions, map: new WeakMap() },
    { ...functions, tool: { spec: { name: "mine" }, call: () => {} } },
    { ...functions, signal: AbortSignal.abort("reason"), other: signal },
    Object.assign({ ...functions }, { symbol: Symbol("s") }),
  ];
  for (const args of unsendable) expect(() => call("anything", args)).toThrow();
  expect(bridge.sizes).toEqual(EMPTY);
  expect(received(bridge).filter(({ kind }) => kind === "call")).toEqual([]);
  bridge.end("The client was closed");
  expect(thrownBy(() => call("anything", functions)).message).toBe("The client was closed");
  expect(bridge.sizes).toEqual(EMPTY);
});

test("a signal of the worker is mirrored while the function runs that receives it", () => {
  const seen: AbortSignal[] = [];
  const listener = (signal: AbortSignal) => {
    seen.push(signal);
    // A nested call, during which the abort arrives.
    call("anything");
    expect(bridge.sizes.workerSignals).toBe(1);
    expect(signal.reason).toBe("why");
  };
  call("run", listener);
  expect(seen).toHaveLength(1);
  expect(bridge.sizes.workerSignals).toBe(0);
});

test("values that the worker uses are kept until the worker releases them", () => {
  call("anything", { listener: () => {} }, { "~standard": { vendor: "own", validate: () => {} } });
  expect(bridge.sizes.handles).toBe(2);
});
