import { inspect } from "node:util";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { Fleet, FleetWorker, redisStore } from "../../../src/fleet/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis, startRedis } from "../../support/redis.ts";

const PASSWORD = "correct-horse-battery";
/** The keys of a queue of BullMQ, without its prefix and name. */
const NAMES = [
  ...["active", "wait", "waiting-children", "paused", "id", "delayed", "prioritized", "de"],
  ...["stalled-check", "completed", "failed", "stalled", "repeat", "limiter", "meta", "events"],
  ...["pc", "marker"],
];

describeWithRedis("a fleet keeps to itself", () => {
  it("the password of a Redis that refuses it", async () => {
    await using redis = await startRedis();
    const connection = redis.url.replace("//", `//somebody:${PASSWORD}@`);
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => void warnings.push(warning);
    await using fleet = new Fleet({ connection, onWarning });
    using store = redisStore(connection);
    const codex = { threadStart: async () => {} } as never;
    const failures = await Promise.all([
      failureOf(fleet.run("hi")),
      failureOf(fleet.status()),
      failureOf(fleet.requests.list()),
      failureOf(store.open("t", "1")),
      failureOf(FleetWorker.start({ connection, store, codex, onWarning })),
    ]);
    expect(warnings).not.toEqual([]);
    for (const one of [...failures, ...warnings]) {
      expect(inspect(one, { depth: 9 })).toContain("WRONGPASS");
      expect(inspect(one, { depth: 9 })).not.toContain(PASSWORD);
    }
  });

  it("the turn of one tenant from another that uses its id", async () => {
    await using test = await TestFleet.start(["the secret of ada"]);
    await test.worker();
    const fleet = test.fleet();
    const turn = await fleet.run("hi", { id: "order-1", tenant: "ada" });
    expect((await turn.run({ timeoutMs: 20_000 })).text).toBe("the secret of ada");
    const again = await fleet.run("hi", { id: "order-1", tenant: "ada" });
    expect((await again.run({ timeoutMs: 20_000 })).text).toBe("the secret of ada");
    const stolen = await failureOf(fleet.run("hi", { id: "order-1", tenant: "eve" }));
    expect(stolen.message).toContain('another tenant has a turn with the id "order-1"');
  });

  it("the id of an interrupted turn, for as long as its job waits for a worker", async () => {
    await using test = await TestFleet.start(({ userText }) => userText);
    const fleet = test.fleet({ keepMs: 1 });
    const turn = await fleet.run("an interrupted turn", { id: "order-1", tenant: "ada" });
    await turn.interrupt();
    expect(await turn.phase()).toBe("ended");
    const stolen = await failureOf(fleet.run("hi", { id: "order-1", tenant: "eve" }));
    expect(stolen.message).toContain('another tenant has a turn with the id "order-1"');
    const worker = await test.worker({ keepMs: 1 });
    const isKnown = () => turn.phase().then(Boolean, () => false);
    while (await isKnown()) await new Promise((resolve) => setTimeout(resolve, 20));
    await worker.end("SIGTERM");
    await test.worker();
    const next = await fleet.run("hi", { id: "order-1", tenant: "eve" });
    expect((await next.run({ timeoutMs: 20_000 })).text).toBe("hi");
    expect(test.model.requests).toHaveLength(1);
  });

  it("its queue from a tenant whose turns have the names of the queue's own keys", async () => {
    await using test = await TestFleet.start(() => "done");
    await test.worker();
    const fleet = test.fleet();
    for (const id of [...NAMES, "ours"]) {
      const turn = await fleet.run("hi", { id, tenant: id === "ours" ? "ada" : "eve" });
      expect((await turn.run({ timeoutMs: 20_000 })).text).toBe("done");
    }
  });

  it("a schedule from one whose id is that of its next turn", async () => {
    await using redis = await startRedis();
    await using fleet = new Fleet({ connection: redis.url });
    const daily = { pattern: "0 9 * * *" };
    await fleet.schedule("ada", daily, "hi", { tenant: "ada" });
    const client = new Redis(redis.url);
    const [next = ""] = await client.zrange("{codex}:fleet:delayed", "0", "-1");
    client.disconnect();
    expect(next).toMatch(/^repeat:ada:\d+$/);
    const id = next.slice("repeat:".length);
    for (const one of [id, "a\ud800", ""]) {
      const refused = await failureOf(fleet.schedule(one, daily, "hi", { tenant: "eve" }));
      expect(refused.message).toContain('without ":", control characters or lone surrogates');
    }
    expect(await fleet.unschedule("ada")).toBe(true);
  });

  it("tenants whose names differ only in text that UTF-8 can't represent", async () => {
    const fleet = new Fleet({ connection: "redis://127.0.0.1:1", onWarning: () => {} });
    await using _fleet = fleet;
    for (const options of [{ tenant: "a\ud800" }, { thread: "a\udc00" }]) {
      expect((await failureOf(fleet.run("hi", options))).message).toContain("lone surrogates");
    }
    expect(() => fleet.thread("t", { tenant: "\ud800" })).toThrow("lone surrogates");
  });
});
