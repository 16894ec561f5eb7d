import { getEventListeners, once } from "node:events";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AbortableCall } from "../../../src/sync/abortable-call.ts";
import { CallServer } from "../../../src/sync/call-server.ts";
import { CODEX, type ToCaller, type ToWorker } from "../../../src/sync/messages.ts";
import { collectUntil } from "../../support/garbage.ts";

type Message<Kind> = Extract<ToCaller, { kind: Kind }>;

const fakeServer = fileURLToPath(new URL("../../support/fake-stdio-server.mjs", import.meta.url));
const NOTHING = { value: undefined, references: [] };
const EMPTY = { objects: 1, signals: 0, running: 0, abortable: 0 };

/** The calling thread's side of a server in this thread. */
class Caller {
  readonly #channel = new MessageChannel();
  readonly messages: ToCaller[] = [];
  readonly server: CallServer;
  #lastId = 0;

  constructor() {
    const counters = new Int32Array(new SharedArrayBuffer(8));
    this.server = new CallServer({ port: this.#channel.port2, counters });
    this.#channel.port1.on("message", (message) => this.messages.push(message));
  }

  post(message: ToWorker): void {
    this.#channel.port1.postMessage(message);
  }

  /** The next message of this kind. */
  async next<Kind extends ToCaller["kind"]>(
    kind: Kind,
    fits: (message: Message<Kind>) => boolean = () => true,
  ) {
    for (;;) {
      const found = this.messages.find(
        (message) => message.kind === kind && fits(message as Message<Kind>),
      );
      if (found) {
        this.messages.splice(this.messages.indexOf(found), 1);
        return found as Message<Kind>;
      }
      await once(this.#channel.port1, "message");
    }
  }

  async settled(id: number): Promise<Message<"settled">> {
    return this.next("settled", (message) => message.id === id);
  }

  open(
    scenario: string,
    more: object = {},
    references: readonly { path: string[]; reference: object }[] = [],
  ) {
    const id = ++this.#lastId;
    const launchArgs = [process.execPath, fakeServer, scenario];
    const value = { launchArgs, env: { STARTS: "/dev/null" }, ...more };
    this.post({ kind: "open", id, options: { value, references: references as never } });
    return this.settled(id);
  }

  call(
    target: number,
    member: string,
    args: readonly unknown[] = [],
    references: readonly object[] = [],
    abortable = false,
  ) {
    const id = ++this.#lastId;
    const packed = { value: args, references: references as never };
    this.post({ kind: "call", id, target, member, args: packed, abortable });
    return Object.assign(this.settled(id), { id });
  }

  /** Resolves when the server has handled all messages. */
  async handled(): Promise<void> {
    await this.call(CODEX, "status");
  }

  close(): void {
    this.#channel.port1.close();
  }
}

// A registry that is collected too early ends the finalizers of the process; see CollectionWatch.
const callers: Caller[] = [];
let caller: Caller;
beforeEach(() => {
  caller = new Caller();
  callers.push(caller);
});
afterEach(async () => {
  await caller.call(CODEX, "close");
  caller.close();
});

const targetOf = ({ value, outcome }: Message<"settled">): number => {
  expect(outcome).toBe("returned");
  const [first] = value.references as readonly { reference: { target?: number } }[];
  return first?.reference.target ?? Number.NaN;
};

describe("an entry of the worker's tables is removed", () => {
  test("for an object, when the calling thread releases it", async () => {
    await caller.open("early");
    const thread = targetOf(await caller.call(CODEX, "threadStart"));
    const turn = targetOf(await caller.call(thread, "turn", ["hi"]));
    const stream = targetOf(await caller.call(turn, "stream"));
    const all = targetOf(await caller.call(CODEX, "notifications"));
    const listening = targetOf(
      await caller.call(
        CODEX,
        "on",
        ["x/y", undefined],
        [{ path: ["1"], reference: { type: "function", handle: 1 } }],
      ),
    );
    expect(caller.server.sizes).toEqual({ ...EMPTY, objects: 6 });
    for (const target of [thread, turn, stream, all, listening])
      caller.post({ kind: "release", target });
    await caller.handled();
    expect(caller.server.sizes).toEqual(EMPTY);
    const late = await caller.call(turn, "run", [{}]);
    expect(late.value.references[0]?.reference).toMatchObject({
      error: { message: "This object was released" },
    });
  });

  test("for a signal, when the calling thread releases it or it aborts", async () => {
    await caller.open("early");
    const signal = (number: number) => [
      { path: ["0", "signal"], reference: { type: "signal", signal: number } },
    ];
    await caller.call(CODEX, "modelList", [{ signal: undefined }], signal(7));
    await caller.call(CODEX, "modelList", [{ signal: undefined }], signal(8));
    expect(caller.server.sizes).toEqual({ ...EMPTY, signals: 2 });
    caller.post({ kind: "releaseSignal", signal: 7 });
    caller.post({ kind: "abort", signal: 8, reason: NOTHING });
    await caller.handled();
    expect(caller.server.sizes).toEqual(EMPTY);
  });

  test("for a function that runs in the calling thread, when that has answered", async () => {
    const handler = { path: ["handlers", "*"], reference: { type: "function", handle: 5 } };
    await caller.open("asking", { handlers: { "*": undefined } }, [handler]);
    const thread = targetOf(await caller.call(CODEX, "threadStart"));
    const running = caller.call(thread, "run", ["hi", {}]);
    const { id, handle, args } = await caller.next("run");
    expect([handle, caller.server.sizes.running]).toEqual([5, 1]);
    expect(args.references).toMatchObject([
      { path: ["1", "signal"], reference: { type: "signal" } },
    ]);
    caller.post({
      kind: "settled",
      id,
      outcome: "returned",
      value: { value: "yes", references: [] },
    });
    expect(await running).toMatchObject({ outcome: "returned" });
    expect(caller.server.sizes).toMatchObject({ running: 0, abortable: 0 });
  });

  test("for a signal that such a function receives, when that has answered", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const first = caller.server.run(5, ["params", { signal }]);
    const { id, args } = await caller.next("run");
    const [reference] = args.references.map((one) => one.reference as { signal?: number });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    caller.post({ kind: "settled", id, outcome: "returned", value: NOTHING });
    await first;
    expect(getEventListeners(signal, "abort")).toHaveLength(0);

    const second = caller.server.run(5, ["params", { signal }]);
    const again = await caller.next("run");
    controller.abort("why");
    const abort = await caller.next("abort");
    expect(abort.reason.value).toBe("why");
    expect(abort.signal).not.toBe(reference?.signal);
    caller.post({ kind: "settled", id: again.id, outcome: "thrown", value: NOTHING });
    await expect(second).rejects.toBeUndefined();
    await caller.open("early");
  });

  test("for a call that Ctrl-C aborts, when it has settled", async () => {
    const handler = { path: ["handlers", "*"], reference: { type: "function", handle: 5 } };
    await caller.open("asking", { handlers: { "*": undefined } }, [handler]);
    const thread = targetOf(await caller.call(CODEX, "threadStart"));
    const running = caller.call(thread, "run", ["hi", {}], [], true);
    await caller.next("run");
    expect(caller.server.sizes.abortable).toBe(1);
    caller.post({ kind: "abortCall", id: running.id });
    expect((await running).outcome).toBe("thrown");
    expect(caller.server.sizes.abortable).toBe(0);
  });

  test("for a value of the calling thread, when the last reference to it was released", async () => {
    await caller.open("early");
    const disposable = targetOf(
      await caller.call(
        CODEX,
        "on",
        ["x/y", undefined],
        [{ path: ["1"], reference: { type: "function", handle: 11 } }],
      ),
    );
    await caller.call(
      CODEX,
      "modelList",
      [{ signal: undefined }],
      [{ path: ["0", "signal"], reference: { type: "signal", signal: 3 } }],
    );
    const reason = {
      value: undefined,
      references: [{ path: [], reference: handleOf(12) }],
    };
    caller.post({ kind: "abort", signal: 3, reason: reason as never });
    caller.post({
      kind: "abort",
      signal: 99,
      reason: {
        ...reason,
        references: [{ path: [], reference: handleOf(13) }],
      } as never,
    });
    caller.post({
      kind: "settled",
      id: 999,
      outcome: "returned",
      value: {
        value: undefined,
        references: [{ path: [], reference: handleOf(14) }],
      } as never,
    });
    const failing = await caller.call(
      12345,
      "run",
      [undefined],
      [{ path: ["0"], reference: { type: "schema", vendor: "own", validate: 15 } }],
    );
    expect(failing.outcome).toBe("thrown");
    const handles = () =>
      caller.messages.flatMap((one) => (one.kind === "releaseHandle" ? [one.handle] : []));
    await collectUntil("the unused are released", () => handles().length === 4);
    expect(handles().toSorted((a, b) => a - b)).toEqual([12, 13, 14, 15]);
    caller.post({ kind: "release", target: disposable });
    await collectUntil("the listener is released", () => handles().includes(11));
  });
});

function handleOf(handle: number) {
  return { type: "handle", handle, error: { name: "Error", message: "theirs" } };
}

describe("a call with its own signal", () => {
  test("aborts with it, or by Ctrl-C, and leaves no listener", () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = new AbortableCall();
    const [input, options] = call.withSignal(["hi", { signal, timeoutMs: 5 }]) as [
      string,
      { signal: AbortSignal },
    ];
    expect([input, options]).toMatchObject(["hi", { timeoutMs: 5 }]);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    call[Symbol.dispose]();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    call.abort();
    expect(options.signal.aborted).toBe(true);
    const other = new AbortableCall();
    const [given] = other.withSignal([{ signal }]) as [{ signal: AbortSignal }];
    controller.abort("why");
    expect(given.signal.reason).toBe("why");
  });

  test.each([[null], ["text"], [5], [{ signal: 5 }], [{ signal: {} }]])(
    "leaves invalid options (%j) to validation",
    (options) => {
      expect(new AbortableCall().withSignal(["hi", options])).toEqual(["hi", options]);
    },
  );
});

test("a result that can't be copied is an error of its call, and its objects are released", async () => {
  await caller.open("early");
  let disposed = 0;
  const disposable = { [Symbol.dispose]: () => void disposed++ };
  const target = caller.server.register({ make: () => [disposable, () => {}] });
  const { value, outcome } = await caller.call(target, "make");
  expect(outcome).toBe("thrown");
  const error = { name: "TypeError", message: expect.stringContaining("can't be copied") };
  expect(value.references[0]?.reference).toMatchObject({ type: "error", error });
  expect([disposed, caller.server.sizes.objects]).toEqual([1, 2]);
});

describe("a value that the calling thread might not have the stack to read", () => {
  const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  const failing = Object.assign(new Error("no"), { near: nested(100), far: nested(1_000) });

  test("isn't sent as a result", async () => {
    await caller.open("early");
    const target = caller.server.register({ near: () => nested(100), far: () => nested(1_000) });
    expect(await caller.call(target, "near")).toMatchObject({ outcome: "returned" });
    const { value, outcome } = await caller.call(target, "far");
    expect(outcome).toBe("thrown");
    const error = { name: "TypeError", message: expect.stringContaining("nested too deeply") };
    expect(value.references[0]?.reference).toMatchObject({ type: "error", error });
  });

  test("isn't sent to a function, and leaves no listener on a signal beside it", async () => {
    await caller.open("early");
    const { signal } = new AbortController();
    const running = caller.server.run(5, [nested(1_000), { signal }]);
    await expect(running).rejects.toThrow("nested too deeply");
    expect(caller.server.sizes).toEqual(EMPTY);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  test("is omitted from an error", async () => {
    await caller.open("early");
    const target = caller.server.register({ fail: () => Promise.reject(failing) });
    const { value } = await caller.call(target, "fail");
    const [{ reference } = { reference: undefined }] = value.references;
    const { error } = reference as { error: { message: string; fields: { value: object } } };
    expect([error.message, Object.keys(error.fields.value)]).toEqual(["no", ["near"]]);
  });
});
