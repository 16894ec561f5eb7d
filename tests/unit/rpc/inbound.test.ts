import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RpcFailure } from "../../../src/rpc/inbound.ts";
import { inbound, reason, request } from "./answered-by-hand.ts";
import { range, settled } from "./two-arrays.ts";

const unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push(error);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  await settled();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

describe("a server request", () => {
  it("is handled outside the reader, and answered with its handler's result", async () => {
    const { requests, asked, sent } = inbound();
    for (const id of [0, "x", ""]) requests.accept(request(id));
    expect(asked).toEqual([]);
    await settled();
    asked[2]?.answer(undefined);
    asked[0]?.answer({ ok: true });
    asked[1]?.fail(new RpcFailure(-32601, "unknown"));
    await settled();
    expect(sent().toSorted((a, b) => String(a.id).length - String(b.id).length)).toEqual([
      { id: "", result: null },
      { id: 0, result: { ok: true } },
      { id: "x", error: { code: -32601, message: "unknown" } },
    ]);
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  let deep: unknown[] = [];
  for (let depth = 0; depth < 20_000; depth++) deep = [deep];
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  it.each([
    ["a cycle", cyclic],
    ["a bigint", 1n],
    ["what is too deep", deep],
    ["a function", () => {}],
    ["a toJSON that throws", { toJSON: () => Promise.reject.call(undefined) }],
    ["a toJSON that gives nothing", { toJSON: () => undefined }],
    ["a revoked proxy", { revoked }],
  ])("is answered with an error when JSON can't hold its result: %s", async (_, result) => {
    const { requests, sent } = inbound({ handle: async () => result });
    requests.accept(request(0));
    await settled();
    const error = { code: -32603, message: expect.stringMatching("can't be sent as JSON") };
    expect(sent()).toEqual([{ id: 0, error }]);
  });

  const silent = new Error("");
  const unreadable = Object.defineProperty(new Error("x"), "message", {
    get: () => {
      throw new Error("no message");
    },
  });
  it.each([
    ["an error", new Error("oops"), "oops"],
    ["an error without a message", silent, "Error"],
    ["a text", "oops", "oops"],
    ["undefined", undefined, "undefined"],
    ["an object without a prototype", Object.create(null), "an object"],
    ["an error whose message is no text", Object.assign(new Error(), { message: 5 }), "5"],
    ["an error whose message throws", unreadable, "an object that can't be read"],
    ["a revoked proxy", revoked, "an object that can't be read"],
    ["a failure with an odd code", new RpcFailure(Number.NaN, "oops"), "oops"],
    ["a message of any length", new Error("x".repeat(1_000_000)), "x".repeat(4_000)],
  ])("is answered with an error when its handler throws: %s", async (_, thrown, message) => {
    const { requests, sent } = inbound({
      handle: async () => {
        throw thrown;
      },
    });
    requests.accept(request(0));
    await settled();
    expect(sent()).toEqual([{ id: 0, error: { code: -32603, message } }]);
  });

  it("is answered with an error when the transport refuses its answer", async () => {
    const { requests, asked, sent, transport } = inbound();
    requests.accept(request(0));
    await settled();
    transport.maxChars = 200;
    asked[0]?.answer("x".repeat(1_000));
    await settled();
    const message = "The client's answer could not be sent: more than 200 characters";
    expect(sent()).toEqual([{ id: 0, error: { code: -32603, message } }]);
    requests.accept(request(0));
    expect(sent()).toEqual([{ id: 0, error: { code: -32603, message } }]);
  });

  it("does no harm when the transport refuses everything", async () => {
    const { requests, asked, sent, transport } = inbound();
    requests.accept(request(0));
    requests.accept(request(1));
    await settled();
    transport.maxChars = 5;
    asked[0]?.answer(1);
    await settled();
    transport.maxChars = 1_000;
    asked[1]?.answer(2);
    await settled();
    expect(sent()).toEqual([{ id: 1, result: 2 }]);
  });
});

describe("a request that is withdrawn", () => {
  it("aborts its handler's signal, and is not answered", async () => {
    const { requests, asked, sent } = inbound();
    requests.accept(request(0));
    await settled();
    requests.withdraw(0, reason);
    expect(asked[0]?.signal.reason).toBe(reason);
    asked[0]?.answer(1);
    await settled();
    expect(sent()).toEqual([]);
  });

  it("in the same chunk never reaches its handler", async () => {
    const { requests, asked, sent } = inbound();
    requests.accept(request(0));
    requests.withdraw(0, reason);
    await settled();
    expect(asked).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it("by identity is the only one withdrawn, even if another one has its id by now", async () => {
    const { requests, asked, sent } = inbound();
    const first = request(0, { n: 1 });
    requests.accept(first);
    await settled();
    requests.accept(request(0, { n: 2 }));
    await settled();
    requests.withdrawOnly(first, reason);
    requests.cancel(first, reason);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked[1]?.signal.aborted).toBe(false);
    asked[1]?.answer(2);
    await settled();
    expect(sent()).toEqual([{ id: 0, result: 2 }]);
  });

  it("because the server has exited is withdrawn with all others", async () => {
    const { requests, asked, sent } = inbound();
    for (const id of range(3)) requests.accept(request(id));
    await settled();
    asked[0]?.answer("kept");
    await settled();
    sent();
    requests.withdrawAll(reason);
    asked[1]?.answer(1);
    requests.accept(request(0));
    await settled();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, true, true, false]);
    expect(sent()).toEqual([]);
  });

  it("that never existed changes nothing", () => {
    const { requests, sent } = inbound();
    for (const id of [0, "x", undefined, null, {}]) requests.withdraw(id as never, reason);
    requests.withdrawOnly(request(0), reason);
    requests.cancel(request(0), reason);
    expect(sent()).toEqual([]);
  });
});

it("a request that is cancelled is still answered", async () => {
  const { requests, asked, sent } = inbound();
  const one = request(0);
  requests.accept(one);
  await settled();
  requests.cancel(one, reason);
  expect(asked[0]?.signal.reason).toBe(reason);
  asked[0]?.answer(1);
  await settled();
  expect(sent()).toEqual([{ id: 0, result: 1 }]);
});

it("if there are more open requests than any server has, the rest are refused", async () => {
  const { requests, asked, sent } = inbound();
  for (const n of range(10_100)) requests.accept(request(n));
  await settled();
  expect(asked).toHaveLength(10_000);
  const refusals = sent();
  expect(refusals).toHaveLength(100);
  expect(refusals[0]).toMatchObject({ id: 10_000, error: { code: -32603 } });
  asked[0]?.answer(1);
  await settled();
  sent();
  requests.accept(request(10_000));
  await settled();
  expect(asked).toHaveLength(10_001);
});

it("and no party crowds out the others: the newest request of the party with the most requests is refused", async () => {
  const { requests, asked, sent } = inbound({ partyOf: ({ params }) => String(params) });
  for (const n of range(10_000)) requests.accept(request(n, "greedy"));
  await settled();
  for (const n of range(3)) requests.accept(request(`other${n}`, "other"));
  requests.accept(request("one more", "greedy"));
  await settled();
  const refused = sent();
  expect(refused.map(({ id }) => id)).toEqual([9_999, 9_998, 9_997, "one more"]);
  expect(refused[0]).toMatchObject({ error: { code: -32603 } });
  expect(asked).toHaveLength(10_003);
  expect(asked[9_999]?.signal.aborted).toBe(true);
  asked[9_999]?.answer(1);
  asked[10_000]?.answer(2);
  await settled();
  expect(sent()).toEqual([{ id: "other0", result: 2 }]);
});
