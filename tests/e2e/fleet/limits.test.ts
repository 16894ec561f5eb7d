import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { FleetWorker, folderStore } from "../../../src/fleet/index.ts";
import { jobIdOf } from "../../../src/fleet/queue.ts";
import { Keys } from "../../../src/fleet/redis/keys.ts";
import { Gate, reply } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { TestFleet } from "../../support/fleet.ts";
import { textBelow } from "../../support/folder-text.ts";
import { describeWithOwnRedis, describeWithRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

const SOON = { timeoutMs: 20_000 };

describeWithRedis("the limits of a fleet", () => {
  it("runs no more turns of a tenant at once than its limit, and turns of other tenants in the meantime", async () => {
    const running: string[] = [];
    let most = 0;
    const gates = new Map<string, Gate>();
    await using test = await TestFleet.start(({ userText }) => {
      running.push(userText);
      most = Math.max(most, running.filter((text) => text.startsWith("a")).length);
      const gate = new Gate();
      gates.set(userText, gate);
      return reply(gate, userText);
    });
    for (const _ of [1, 2]) await test.worker({ tenantTurns: 1 });
    const fleet = test.fleet();
    const submit = (tenant: string, number: number) =>
      fleet.run(`${tenant}${number}`, { tenant, thread: `t${number}` });
    const turns = await Promise.all([
      submit("a", 1),
      submit("a", 2),
      submit("a", 3),
      submit("b", 1),
    ]);
    const end = (text: string) => {
      running.splice(running.indexOf(text), 1);
      gates.get(text)?.open();
    };
    await waitUntil("one of each tenant runs", () => running.length === 2);
    for (let left = 3; left > 0; left--) {
      await waitUntil("the next runs", () => running.some((text) => text.startsWith("a")));
      end(running.find((text) => text.startsWith("a")) ?? "");
    }
    end("b1");
    for (const turn of turns) expect((await turn.run(SOON)).status).toBe("completed");
    expect(most).toBe(1);
  });

  it("starts no more turns in a period than its rate limit", async () => {
    await using test = await TestFleet.start(() => "ok");
    await test.worker({ rateLimit: { max: 2, durationMs: 1_000 } });
    const fleet = test.fleet();
    const turns = await Promise.all([1, 2, 3, 4].map((number) => fleet.run(`${number}`)));
    for (const turn of turns) (await turn.run(SOON)).throwIfFailed();
    const keys = new Keys(test.name);
    const client = new Redis(test.redis.url);
    const claims = turns.map(({ id }) => client.hget(keys.turn(id), "claimedAt"));
    const times = (await Promise.all(claims)).map(Number).sort((a, b) => a - b);
    const [first = 0, , third = 0] = times;
    expect(third - first).toBeGreaterThanOrEqual(1_000);
    // A job that waits for the next period is delivered once or twice, not again and again.
    const jobs = turns.map(({ id }) => `${keys.queuePrefix}:${keys.queueName}:${jobIdOf(id)}`);
    const deliveries = jobs.map((job) => client.hget(job, "ats"));
    for (const count of await Promise.all(deliveries)) expect(Number(count)).toBeLessThan(10);
    client.disconnect();
  });

  it("runs turns with a lower number first", async () => {
    const gate = new Gate();
    const seen: string[] = [];
    await using test = await TestFleet.start(({ userText }) => {
      seen.push(userText);
      return userText === "first" ? reply(gate, "1") : "ok";
    });
    await test.worker({ concurrency: 1 });
    const fleet = test.fleet();
    const first = await fleet.run("first");
    await gate.reached;
    const low = await fleet.run("low", { priority: 10 });
    const high = await fleet.run("high", { priority: 1 });
    gate.open();
    for (const turn of [first, low, high]) await turn.run(SOON);
    expect(seen).toEqual(["first", "high", "low"]);
  });

  it("repeats a turn until it is unscheduled", async () => {
    await using test = await TestFleet.start(() => "tick");
    await test.worker();
    const fleet = test.fleet();
    await fleet.schedule("ticker", { every: 300 }, "go", { thread: "ticking" });
    await waitUntil("three turns have run", () => test.model.requests.length >= 3);
    expect(await fleet.unschedule("ticker")).toBe(true);
    expect(await fleet.unschedule("ticker")).toBe(false);
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).toContain("tick");
  });

  it("deletes turns that ended longer than keepMs ago", async () => {
    await using test = await TestFleet.start(() => "ok");
    await test.worker({ keepMs: 300 });
    const fleet = test.fleet({ keepMs: 300 });
    const turn = await fleet.run("go", { id: "daily" });
    (await turn.run(SOON)).throwIfFailed();
    const client = new Redis(test.redis.url);
    const left = async () => (await client.keys(`*${test.name}.*${turn.id}*`)).length;
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    client.disconnect();
    const isKnown = () => turn.phase().then(Boolean, () => false);
    while (await isKnown()) await new Promise((resolve) => setTimeout(resolve, 20));
    const next = await fleet.run("go", { id: "daily" });
    (await next.run(SOON)).throwIfFailed();
  });

  it("gives each tenant its own server and home", async () => {
    await using test = await TestFleet.start(({ userText }) => userText);
    const worker = await test.worker({ isPooled: true });
    const fleet = test.fleet();
    for (const tenant of ["ada", "bob"]) {
      const turn = await fleet.run(tenant, { tenant, thread: "same name" });
      expect((await turn.run(SOON)).text).toBe(tenant);
    }
    const homes = join(test.folder, "homes");
    expect((await readdir(homes)).toSorted()).toEqual(
      ["ada", "bob"].map((tenant) => `${worker.child.pid}-${tenant}`),
    );
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).not.toContain('"ada"');
    // Another worker continues both.
    await worker.end("SIGTERM");
    await test.worker({ isPooled: true });
    const next = await fleet.run("again", { tenant: "bob", thread: "same name" });
    expect((await next.run(SOON)).text).toBe("again");
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).toContain('"bob"');
  });
});

const DUMP_ALL = `
local dumps = {}
for index, key in ipairs(redis.call("KEYS", "*")) do dumps[index] = redis.call("DUMP", key) end
return dumps`;

const GZIP = "\x1f\x8b\x08";

/** What the gzip files in a text of bytes contain. */
function unzipped(text: string): string {
  const [, ...parts] = text.split(GZIP);
  return parts
    .map((part) => {
      try {
        const options = { finishFlush: constants.Z_SYNC_FLUSH };
        return gunzipSync(Buffer.from(GZIP + part, "latin1"), options).toString("latin1");
      } catch {
        return ""; // Encrypted data can have the same three bytes.
      }
    })
    .join("");
}

describeWithOwnRedis("what a fleet stores", () => {
  /** Everything in Redis and in the folder, once no worker changes it any more. */
  async function stored(test: TestFleet): Promise<string[]> {
    const client = new Redis(test.redis.url);
    await client.config("SET", "rdbcompression", "no");
    // In one step, because keys expire.
    const dumps = (await client.callBuffer("EVAL", DUMP_ALL, 0)) as Buffer[];
    client.disconnect();
    const files = textBelow(join(test.folder, "threads"));
    return [Buffer.concat(dumps).toString("latin1"), files + unzipped(files)];
  }

  it("is encrypted with the key of the user", async () => {
    const encryptionKey = randomBytes(32).toString("base64");
    await using test = await TestFleet.start(() => "swordfish answer");
    const worker = await test.worker({ encryptionKey });
    const fleet = test.fleet({ encryptionKey });
    const turn = await fleet.run("swordfish question", { thread: "t" });
    expect((await turn.run(SOON)).text).toBe("swordfish answer");
    expect(await failureOf(test.fleet().turn(turn.id).run(SOON))).toMatchObject({
      message: expect.stringContaining("encryptionKey"),
    });
    // A worker can't run a turn whose data it can't read, and reports that to the callers.
    const foreign = await test.fleet().run("not encrypted");
    expect(await failureOf(test.fleet().turn(foreign.id).run(SOON))).toBeInstanceOf(Error);
    await worker.end("SIGTERM");
    for (const place of await stored(test)) {
      expect(place.length).toBeGreaterThan(1_000);
      expect(place).not.toContain("swordfish");
    }
  });

  it("can be read without a key", async () => {
    await using test = await TestFleet.start(() => "swordfish answer");
    const worker = await test.worker();
    const turn = await test.fleet().run("swordfish question", { thread: "t" });
    await turn.run(SOON);
    await worker.end("SIGTERM");
    for (const place of await stored(test)) expect(place).toContain("swordfish");
  });

  it("refuses a Redis that may delete data", async () => {
    await using test = await TestFleet.start();
    const client = new Redis(test.redis.url);
    await client.config("SET", "maxmemory", "100mb");
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    client.disconnect();
    const starting = FleetWorker.start({
      connection: test.redis.url,
      store: folderStore(test.folder),
      pool: { use: () => Promise.reject(new Error("not used")) },
    });
    expect(await failureOf(starting)).toMatchObject({
      message: expect.stringContaining("noeviction"),
    });
  });
});
