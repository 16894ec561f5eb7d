import { expect, it } from "vitest";
import { FencedError } from "../../../src/fleet/errors.ts";
import type { TurnQueue } from "../../../src/fleet/queue.ts";
import { Keys } from "../../../src/fleet/redis/keys.ts";
import type { WorkerContext } from "../../../src/fleet/worker/context.ts";
import { type Delivery, Dispatcher } from "../../../src/fleet/worker/dispatcher.ts";
import { deferred } from "../../../src/util/deferred.ts";

/** A worker whose turns run until the test ends them. */
function worker() {
  const turn = deferred<never>();
  const started = deferred<void>();
  const context = {
    id: "w1",
    channels: { add: () => ({ [Symbol.dispose]: () => {} }) },
    keys: new Keys("test"),
    codec: { decode: () => ({}) },
    redis: { run: async (script: string) => (script === "claim" ? ["ok", "1", "queued", "1"] : 1) },
    servers: {
      use: () => {
        started.resolve();
        return turn.promise;
      },
    },
    maxAttempts: 5,
    warn: () => {},
  } as unknown as WorkerContext;
  const dispatcher = new Dispatcher(context, {} as TurnQueue, {
    ...{ lockMs: 1_000, keepMs: 1_000, rate: { max: 0, durationMs: 1 } },
    tenantTurns: () => 0,
  });
  return { dispatcher, started, turn };
}

function delivery(park: Delivery["park"]): Delivery {
  const data = { thread: "t", tenant: "x", onWorkerLost: "retry", order: "" } as const;
  return { turn: "1", data, dueAt: 0, mayYield: true, park };
}

it("parks a job that was delivered again through its new delivery", async () => {
  const { dispatcher, started, turn } = worker();
  const parked: string[] = [];
  const first = dispatcher.deliver(
    delivery(async () => {
      throw new Error("Lock mismatch");
    }),
  );
  first.catch(() => {});
  await started.promise;
  const second = dispatcher.deliver(delivery(async () => void parked.push("second")));
  turn.reject(new FencedError("Another worker has claimed the thread"));
  expect(await second).toBe("parked");
  expect(parked).toEqual(["second"]);
  await expect(first).rejects.toThrow("Lock mismatch");
});
