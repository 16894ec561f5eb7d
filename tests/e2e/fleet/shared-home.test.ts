import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import type { FleetTurn } from "../../../src/fleet/index.ts";
import { Gate, reply } from "../../../src/testing/index.ts";
import { delay } from "../../../src/util/abort.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

const SOON = { timeoutMs: 25_000 };

describeWithRedis("two workers with one home", () => {
  const resultOf = async (turn: FleetTurn) => (await turn.run(SOON)).text;

  /** Resolves when workers have claimed the turn this many times. */
  async function claimed(test: TestFleet, { id }: FleetTurn, times: number): Promise<void> {
    const client = new Redis(test.redis.url);
    let attempts = 0;
    while (attempts < times) {
      await delay(50);
      attempts = Number(await client.hget(`{codex}:${test.name}.turn:${id}`, "attempts"));
    }
    client.disconnect();
  }

  it("leave all turns to the first one, without losing history", async () => {
    await using test = await TestFleet.start(({ userText }) => userText);
    const sharedHome = join(test.folder, "home");
    const settings = { sharedHome, concurrency: 1 };
    const first = await test.worker(settings);
    const fleet = test.fleet();
    expect(await resultOf(await fleet.run("one", { thread: "t" }))).toBe("one");
    const second = await test.worker(settings);
    const gate = new Gate();
    test.model.respond(({ userText }) => reply(...(userText === "busy" ? [gate] : []), userText));
    const busy = await fleet.run("busy", { thread: "other" });
    await gate.reached;
    const next = await fleet.run("two", { thread: "t" });
    const warned = () => second.warnings.filter(({ code }) => code === "FLEET_HOME");
    await waitUntil("the second worker has warned", () => warned().length > 0);
    expect(warned()[0]?.message).toContain(
      `in use by a worker in another process (${first.child.pid})`,
    );
    gate.open();
    expect(await resultOf(busy)).toBe("busy");
    expect(await resultOf(next)).toBe("two");
    expect(warned()).toHaveLength(1);

    // When the first worker has ended, the second one has the home, and the thread's history is complete.
    await first.end("SIGKILL");
    expect(await resultOf(await fleet.run("three", { thread: "t" }))).toBe("three");
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).toMatch(/"one".*"two".*"three"/);
  });

  it("leave a turn to the first one however long that one is busy", async () => {
    await using test = await TestFleet.start(({ userText }) => userText);
    const rateLimit = { max: 3, durationMs: 60_000 };
    const sharedHome = join(test.folder, "home");
    const settings = { sharedHome, concurrency: 1, maxAttempts: 1, rateLimit };
    await test.worker(settings);
    const fleet = test.fleet();
    expect(await resultOf(await fleet.run("one", { thread: "t" }))).toBe("one");
    await test.worker(settings);
    const gate = new Gate();
    test.model.respond(({ userText }) => reply(...(userText === "busy" ? [gate] : []), userText));
    const busy = await fleet.run("busy", { thread: "other" });
    await gate.reached;
    const next = await fleet.run("two", { thread: "t" });
    await claimed(test, next, 3);
    gate.open();
    expect(await resultOf(busy)).toBe("busy");
    expect(await resultOf(next)).toBe("two");
  });

  it("leave turns to the first one while it is paused for longer than its lock", async () => {
    await using test = await TestFleet.start(({ userText }) => userText);
    const settings = { sharedHome: join(test.folder, "home"), lockMs: 1_000 };
    const first = await test.worker(settings);
    const fleet = test.fleet();
    expect(await resultOf(await fleet.run("one", { thread: "t" }))).toBe("one");
    await test.worker(settings);
    first.child.kill("SIGSTOP");
    const next = await fleet.run("two", { thread: "t" });
    await claimed(test, next, 3);
    first.child.kill("SIGCONT");
    expect(await resultOf(next)).toBe("two");
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).toMatch(/"one".*"two"/);
  });
});
