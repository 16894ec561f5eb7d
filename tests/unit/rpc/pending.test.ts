import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { JsonRpcError } from "../../../src/errors/rpc-errors.ts";
import { PendingCalls } from "../../../src/rpc/pending.ts";
import { type Message, outcomeOf, range, settled } from "./two-arrays.ts";

function pendingCalls({ maxChars = Number.POSITIVE_INFINITY } = {}) {
  const sent: Message[] = [];
  const failures: unknown[][] = [];
  const calls = new PendingCalls({
    send: (text) => {
      if (text.length > maxChars) throw new RangeError(`more than ${maxChars} characters`);
      sent.push(JSON.parse(text));
    },
    failed: (...failure) => failures.push(failure),
  });
  return { calls, sent, failures };
}

const busy = { code: -32001, message: "Server overloaded; retry later." };

describe("a call", () => {
  it("gets its own answer, in any order", async () => {
    const { calls, sent } = pendingCalls();
    const three = ["a", "b", "c"].map((method) => calls.call(method, {}));
    expect(sent.map(({ id, method }) => [id, method])).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
    expect(calls.settle({ id: 3, result: "C" })).toBe(true);
    expect(calls.settle({ id: 1, result: "A" })).toBe(true);
    expect(calls.settle({ id: 2, error: { code: 5, message: "no B" } })).toBe(true);
    expect(await three[0]).toBe("A");
    expect(await three[2]).toBe("C");
    await expect(three[1]).rejects.toBeInstanceOf(JsonRpcError);
    await expect(three[1]).rejects.toThrow("b: no B (5)");
  });

  it("is not settled by an id that only looks like its own", () => {
    const { calls } = pendingCalls();
    calls.call("a", {}).catch(() => {});
    for (const id of ["1", 1.5, 0, 2, "", "__proto__"]) {
      expect(calls.settle({ id, result: 1 })).toBe(false);
    }
    expect(calls.settle({ id: 1, result: 1 })).toBe(true);
    expect(calls.settle({ id: 1, result: 1 })).toBe(false);
  });

  it("rejects before anything is sent when JSON can't hold its params", async () => {
    const { calls, sent } = pendingCalls();
    await expect(calls.call("a", { n: 1n })).rejects.toThrow(TypeError);
    await expect(calls.call("a", { n: 1n })).rejects.toThrow(
      /^a: the params can't be sent as JSON/,
    );
    expect(sent).toEqual([]);
  });

  it("is not sent when its params' own code aborts it or closes the connection", async () => {
    const { calls, sent } = pendingCalls();
    const controller = new AbortController();
    const aborts = { toJSON: () => controller.abort("reason") ?? {} };
    const aborted = outcomeOf(calls.call("a", aborts, { signal: controller.signal }));
    const closes = { toJSON: () => calls.close(new Error("gone")) ?? {} };
    const closed = outcomeOf(calls.call("b", closes));
    await settled();
    expect(aborted).toEqual({ error: "reason" });
    expect(closed.error).toMatchObject({ message: "gone", sent: false });
    expect(sent).toEqual([]);
  });

  it("rejects with the transport's error when it is too large, and doesn't block others", async () => {
    const { calls, sent } = pendingCalls({ maxChars: 100 });
    const refused = range(200).map(() => outcomeOf(calls.call("a", { x: "x".repeat(100) })));
    const fine = calls.call("b", {});
    expect(sent.map(({ method }) => method)).toEqual(["b"]);
    calls.settle({ id: sent[0]?.id ?? 0, result: 1 });
    expect(await fine).toBe(1);
    await settled();
    for (const { error } of refused) expect(error).toBeInstanceOf(RangeError);
  });

  it("ends with the signal `unsent` only while it waits to be sent", async () => {
    const { calls, sent } = pendingCalls();
    const controller = new AbortController();
    const all = range(70).map(() => outcomeOf(calls.call("a", {}, { unsent: controller.signal })));
    controller.abort(new Error("too late"));
    calls.settle({ id: 1, result: "answered" });
    await settled();
    expect(sent).toHaveLength(64);
    expect(all.map(({ error }) => error !== undefined)).toEqual(range(70).map((n) => n >= 64));
    expect(all[0]).toEqual({ value: "answered" });
    expect(all[64]?.error).toMatchObject({ message: "too late" });
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("is lost with the connection, and its error says whether it was sent", async () => {
    const { calls } = pendingCalls();
    const all = range(100).map(() => outcomeOf(calls.call("a", {})));
    const reason = new Error("gone");
    calls.close(reason);
    calls.close(new Error("again"));
    const late = outcomeOf(calls.call("a", {}));
    await settled();
    expect(all.map(({ error }) => (error as { sent: boolean }).sent)).toEqual(
      range(100).map((n) => n < 64),
    );
    for (const { error } of [...all, late]) expect(error).toMatchObject({ reason });
  });
});

describe("onResult", () => {
  it("runs inside settle, before the call resolves and before the next call is sent", async () => {
    const { calls, sent } = pendingCalls();
    const order: unknown[] = [];
    const call = calls.call("a", {}, { onResult: (result) => order.push(result) });
    call.then(() => order.push("resolved"));
    for (const _ of range(64)) calls.call("b", {}).catch(() => {});
    const before = sent.length;
    calls.settle({ id: 1, result: "applied" });
    expect(order).toEqual(["applied"]);
    expect(sent).toHaveLength(before + 1);
    await call;
    expect(order).toEqual(["applied", "resolved"]);
  });

  it("is not called for an error", async () => {
    const { calls } = pendingCalls();
    const results: unknown[] = [];
    const call = calls.call("a", {}, { onResult: (result) => results.push(result) });
    calls.settle({ id: 1, error: { code: 1, message: "no" } });
    await expect(call).rejects.toThrow("no");
    expect(results).toEqual([]);
  });

  it.each([
    ["an error", new Error("oops")],
    ["nothing", undefined],
    ["an object without a prototype", Object.create(null) as unknown],
  ])("rejects its call with its exception: %s", async (_, thrown) => {
    const { calls, failures } = pendingCalls();
    const options = {
      onResult: () => {
        throw thrown;
      },
    };
    const call = outcomeOf(calls.call("a", {}, options));
    const next = calls.call("b", {});
    expect(calls.settle({ id: 1, result: 1 })).toBe(true);
    expect(calls.settle({ id: 2, result: 2 })).toBe(true);
    expect(await next).toBe(2);
    expect(call).toHaveProperty("error");
    expect(Object.is(call.error, thrown)).toBe(true);
    expect(failures).toEqual([]);
  });

  it("can call again, and close", async () => {
    const { calls, sent } = pendingCalls();
    const reason = new Error("gone");
    const onResult = () => {
      calls.call("b", {}).catch(() => {});
      calls.close(reason);
    };
    const call = calls.call("a", {}, { onResult });
    calls.settle({ id: 1, result: 1 });
    expect(await call).toBe(1);
    expect(sent.map(({ method }) => method)).toEqual(["a", "b"]);
  });
});

describe("a caller that gives up", () => {
  it("before the call: rejects with the reason, and nothing is sent", async () => {
    const { calls, sent } = pendingCalls();
    const reason = { why: "any value" };
    const call = outcomeOf(calls.call("a", {}, { signal: AbortSignal.abort(reason) }));
    await settled();
    expect(call).toEqual({ error: reason });
    expect(sent).toEqual([]);
  });

  it("while the call waits for its turn: it is never sent", async () => {
    const { calls, sent } = pendingCalls();
    for (const _ of range(64)) calls.call("a", {}).catch(() => {});
    const controller = new AbortController();
    const call = outcomeOf(calls.call("b", {}, { signal: controller.signal }));
    const next = calls.call("c", {});
    controller.abort("reason");
    await settled();
    expect(call).toEqual({ error: "reason" });
    calls.settle({ id: 64, result: 1 });
    expect(sent.slice(64).map(({ method }) => method)).toEqual(["c"]);
    calls.settle({ id: 66, result: "C" });
    expect(await next).toBe("C");
  });

  it("after it was sent: the answer is recognised and applied all the same", async () => {
    const { calls } = pendingCalls();
    const controller = new AbortController();
    const results: unknown[] = [];
    const { signal } = controller;
    const onResult = (result: unknown) => results.push(result);
    const call = outcomeOf(calls.call("a", {}, { signal, onResult }));
    const plain = outcomeOf(calls.call("b", {}, { signal }));
    controller.abort("reason");
    await settled();
    expect(call).toEqual({ error: "reason" });
    expect(plain).toEqual({ error: "reason" });
    expect(calls.settle({ id: 1, result: "late" })).toBe(true);
    expect(calls.settle({ id: 2, error: { code: 1, message: "late" } })).toBe(true);
    expect(results).toEqual(["late"]);
    expect(calls.settle({ id: 1, result: "again" })).toBe(false);
    expect(call).toEqual({ error: "reason" });
  });

  it("an exception in onResult is then reported", async () => {
    const { calls, failures } = pendingCalls();
    const controller = new AbortController();
    const cause = new Error("oops");
    const onResult = () => {
      throw cause;
    };
    const call = outcomeOf(calls.call("a", {}, { signal: controller.signal, onResult }));
    controller.abort("reason");
    expect(calls.settle({ id: 1, result: 1 })).toBe(true);
    await settled();
    expect(call).toEqual({ error: "reason" });
    expect(failures).toEqual([["the callback for the result of a", cause]]);
  });

  it("too late: changes nothing", async () => {
    const { calls } = pendingCalls();
    const controller = new AbortController();
    const call = calls.call("a", {}, { signal: controller.signal });
    calls.settle({ id: 1, result: "fine" });
    controller.abort("reason");
    expect(await call).toBe("fine");
  });

  it("leaves a limited amount behind, no matter how often that happens", async () => {
    const { calls, sent } = pendingCalls();
    const applied: unknown[] = [];
    for (const n of range(12_000)) {
      const controller = new AbortController();
      const options = { signal: controller.signal, onResult: () => applied.push(n) };
      calls.call("slow", {}, options).catch(() => {});
      controller.abort();
      // An answer that shows that the server has read everything up to this request.
      const call = calls.call("quick", {});
      calls.settle({ id: sent.at(-1)?.id ?? 0, result: 1 });
      await call;
    }
    expect(calls.settle({ id: 1, result: 1 })).toBe(false);
    expect(calls.settle({ id: sent.at(-2)?.id ?? 0, result: 1 })).toBe(true);
    expect(applied).toEqual([11_999]);
  });
});

it("an abandoned call is still recognised after many later ones were answered", () => {
  const { calls } = pendingCalls();
  for (let id = 1; id <= 12_000; id++) {
    const controller = new AbortController();
    calls.call("slow", {}, { signal: controller.signal }).catch(() => {});
    controller.abort();
    if (id > 1) expect(calls.settle({ id, result: 1 })).toBe(true);
  }
  expect(calls.settle({ id: 1, result: 1 })).toBe(true);
});

describe("many calls", () => {
  it("can share one signal: they wait and abort without delay, and Node emits no warning", async () => {
    const { calls, sent } = pendingCalls();
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on("warning", warned);
    const controller = new AbortController();
    const { signal } = controller;
    const start = performance.now();
    const outcomes = range(40_000).map(() => outcomeOf(calls.call("a", {}, { signal })));
    const abortStart = performance.now();
    controller.abort("reason");
    await settled();
    expect(performance.now() - abortStart).toBeLessThan(1_000);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(outcomes.every(({ error }) => error === "reason")).toBe(true);
    expect(sent).toHaveLength(64);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    process.off("warning", warned);
    expect(warnings).toEqual([]);
  });

  it("are sent in order, and take time in proportion to their number", async () => {
    const { calls, sent } = pendingCalls();
    const all = range(100_000).map((n) => calls.call("a", n));
    const start = performance.now();
    for (let id = 1; id <= 100_000; id++) calls.settle({ id, result: id });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(sent.map(({ params }) => params)).toEqual(range(100_000));
    expect((await Promise.all(all)).at(-1)).toBe(100_000);
  });

  it("that the server is too busy for are refused one by one", async () => {
    const { calls, sent } = pendingCalls();
    const all = range(200).map(() => outcomeOf(calls.call("a", {})));
    for (let id = 1; id <= 200; id++) calls.settle({ id, error: busy });
    await settled();
    expect(sent).toHaveLength(200);
    for (const { error } of all) expect(error).toMatchObject({ rpcCode: -32001 });
  });
});
