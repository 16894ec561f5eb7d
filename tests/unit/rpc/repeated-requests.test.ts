import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { InboundRequests } from "../../../src/rpc/inbound.ts";
import { inbound, reason, request } from "./answered-by-hand.ts";
import { range, settled } from "./two-arrays.ts";

/** The heap use after a garbage collection. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

describe("a request that is repeated", () => {
  it.each([true, false])(
    "while it is handled is not handled twice (replays: %s)",
    async (replays) => {
      const { requests, asked, sent } = inbound({ replays });
      requests.accept(request(0, { n: 1 }));
      requests.accept(request(0, { n: 1 }));
      await settled();
      requests.accept(request(0, { n: 1 }));
      await settled();
      expect(asked).toHaveLength(1);
      asked[0]?.answer(1);
      await settled();
      expect(sent()).toEqual([{ id: 0, result: 1 }]);
    },
  );

  it("after its answer gets the same answer", async () => {
    const { requests, asked, sent } = inbound();
    requests.accept(request(0, { n: 1 }));
    await settled();
    asked[0]?.answer({ ok: true });
    await settled();
    expect(sent()).toEqual([{ id: 0, result: { ok: true } }]);
    requests.accept(request(0, { n: 1 }));
    requests.accept(request(0, { n: 1 }));
    expect(sent()).toEqual(range(2).map(() => ({ id: 0, result: { ok: true } })));
    await settled();
    expect(asked).toHaveLength(1);
  });

  it("gets an error when no answer is kept, and is not handled twice", async () => {
    const { requests, asked, sent } = inbound({ replays: false });
    requests.accept(request(0, { n: 1 }));
    await settled();
    asked[0]?.answer({ ok: true });
    await settled();
    sent();
    requests.accept(request(0, { n: 1 }));
    const error = {
      code: -32603,
      message: expect.stringMatching("has already answered this request"),
    };
    expect(sent()).toEqual([{ id: 0, error }]);
    await settled();
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["other params", { n: 2 }, "ask"],
    ["another method", { n: 1 }, "ask2"],
    ["no params", undefined, "ask"],
    ["params of another type", '{"n":1}', "ask"],
    ["more params", { n: 1, m: 1 }, "ask"],
  ])("with %s is another request, whatever became of the first", async (_, params, method) => {
    for (const replays of [true, false]) {
      const { requests, asked, sent } = inbound({ replays });
      requests.accept(request(0, { n: 1 }));
      await settled();
      requests.accept(request(0, params, method));
      await settled();
      expect(asked[0]?.signal.reason).toMatchObject({
        message: "The server has reused the id of this request for another one",
      });
      asked[1]?.answer("second");
      asked[0]?.answer("first");
      await settled();
      expect(sent()).toEqual([{ id: 0, result: "second" }]);
      requests.accept(request(0, { n: 1 }));
      await settled();
      asked[2]?.answer("third");
      await settled();
      expect(sent()).toEqual([{ id: 0, result: "third" }]);
    }
  });

  it("is recognised, no matter how deep its params are", async () => {
    const { requests, asked, sent } = inbound();
    const nested = (leaf: string) => JSON.parse("[".repeat(20_000) + leaf + "]".repeat(20_000));
    requests.accept(request(0, nested("1")));
    requests.accept(request(0, nested("1")));
    await settled();
    expect(asked).toHaveLength(1);
    asked[0]?.answer(1);
    await settled();
    requests.accept(request(0, nested("1")));
    expect(sent()).toHaveLength(2);
    requests.accept(request(0, nested("2")));
    await settled();
    expect(asked).toHaveLength(2);
  });
});

describe("kept answers", () => {
  /**
   * Lets these requests be answered, and repeats them. Returns for each whether the answer was sent again, or the
   * request was refused or handled again.
   */
  async function replayed(
    count: number,
    { replays = true, chars = 0, between = (_: InboundRequests) => {} } = {},
  ) {
    const { requests, sent } = inbound({
      replays,
      handle: async () => "x".repeat(chars),
    });
    for (const n of range(count)) requests.accept(request(n, { n }));
    await settled();
    sent();
    between(requests);
    return range(count).map((n) => {
      requests.accept(request(n, { n }));
      const [answer] = sent();
      return answer === undefined ? "handled" : answer.error ? "refused" : "answered";
    });
  }

  it("are at most 256: repeats of older ones are refused, and the oldest are forgotten", async () => {
    const outcomes = await replayed(1_500);
    const count = (one: string) => outcomes.filter((outcome) => outcome === one).length;
    expect(outcomes.slice(-256).every((outcome) => outcome === "answered")).toBe(true);
    expect(count("answered")).toBe(256);
    expect(count("refused")).toBe(1_024);
    expect(outcomes.slice(0, 220).every((outcome) => outcome === "handled")).toBe(true);
  });

  it("are 4 MiB at most", async () => {
    const outcomes = await replayed(10, { chars: 1_000_000 });
    expect(outcomes.filter((outcome) => outcome === "answered")).toHaveLength(4);
    expect(outcomes.slice(-4).every((outcome) => outcome === "answered")).toBe(true);
    expect(outcomes.slice(0, 6).every((outcome) => outcome === "refused")).toBe(true);
    expect(await replayed(1, { chars: 5_000_000 })).toEqual(["refused"]);
  });

  it("are none without replays", async () => {
    expect(await replayed(3, { replays: false })).toEqual(["refused", "refused", "refused"]);
  });

  it("are removed when the server has received them", async () => {
    const between = (requests: InboundRequests) => {
      requests.withdraw(0, reason);
      requests.forget(({ params }) => (params as { n: number }).n === 1);
    };
    const outcomes = await replayed(4, { between });
    expect(outcomes).toEqual(["handled", "handled", "answered", "answered"]);
  });

  it.each([true, false])(
    "are removed with everything that is known about an id (replays: %s)",
    async (replays) => {
      const between = (requests: InboundRequests) => requests.withdraw(0, reason);
      expect((await replayed(2, { replays, between }))[0]).toBe("handled");
    },
  );

  it("of one request are removed by its identity", async () => {
    const { requests, asked, sent } = inbound();
    const one = request(0);
    requests.accept(one);
    await settled();
    asked[0]?.answer(1);
    await settled();
    sent();
    requests.withdrawOnly(request(0), reason);
    requests.accept(request(0));
    expect(sent()).toHaveLength(1);
    requests.withdrawOnly(one, reason);
    requests.accept(request(0));
    expect(sent()).toEqual([]);
  });

  it("don't affect requests that are still open", async () => {
    const { requests, asked } = inbound();
    requests.accept(request(0));
    await settled();
    requests.forget(() => true);
    expect(asked[0]?.signal.aborted).toBe(false);
    requests.accept(request(0));
    await settled();
    expect(asked).toHaveLength(1);
  });

  it("keep no screenshots in memory: 100 of 1 MB", async () => {
    for (const replays of [true, false]) {
      const { requests, sent } = inbound({ replays, handle: async () => "x".repeat(1_000_000) });
      const before = heapUsed();
      for (const n of range(100)) {
        requests.accept(request(n));
        await settled();
        sent();
      }
      expect(heapUsed() - before).toBeLessThan(20_000_000);
      requests.withdrawAll(reason);
    }
  });
});
