import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { type Tool, tool } from "../../../src/index.ts";
import { command, functionCall } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";

const SOON = { timeoutMs: 20_000 };
const KEY = Buffer.alloc(32, 7).toString("base64");
const ASK = { threadOptions: { approvalPolicy: "on-request", sandbox: "read-only" } } as const;

describeWithRedis("a fleet survives", () => {
  it("what a process without its key writes to Redis", async () => {
    await using test = await TestFleet.start([
      command("echo ok", { escalate: "needs it" }),
      functionCall("hello", {}),
      "done",
    ]);
    const worker = await test.worker({ encryptionKey: KEY });
    const warnings: string[] = [];
    const fleet = test.fleet({
      encryptionKey: KEY,
      onWarning: ({ message }) => void warnings.push(message),
    });
    const hello = tool({
      ...{ name: "hello", description: "says hello", input: { type: "object", properties: {} } },
      execute: () => "hello",
    });
    const turn = await fleet.run("go", { ...ASK, tools: [hello] });
    let asked: (id: string) => void = () => {};
    const request = new Promise<string>((resolve) => {
      asked = resolve;
    });
    using _watch = fleet.requests.watch((all) => all[0] && asked(all[0].id));
    const requestId = await request;
    const base = `{codex}:${test.name}.`;
    const redis = new Redis(test.redis.url);
    try {
      await redis.hset(`${base}requests:${turn.id}`, "stranger", "{}");
      await redis.publish(`${base}ch.requests`, turn.id);
      for (const text of ["{", "null", '{"id":"1","type":"interrupt"}']) {
        await redis.xadd(`${base}control:${turn.id}`, "*", "c", text);
      }
      await redis.publish(`${base}ctl:${turn.id}`, "c");
      const stranger = test.fleet();
      const failure = await failureOf(stranger.turn(turn.id).interrupt({ timeoutMs: 1_000 }));
      expect(failure.message).toContain("no response within");
      expect(warnings.join()).toContain("can't be read");
      expect((await fleet.requests.list()).map(({ id }) => id)).toEqual([requestId]);
      await redis.hdel(`${base}requests:${turn.id}`, "stranger");
    } finally {
      redis.disconnect();
    }
    expect(worker.isRunning).toBe(true);
    expect(worker.warnings.map(({ message }) => message).join()).toContain("isn't encrypted");
    await fleet.requests.answer(requestId, "accept", undefined, SOON);
    expect(await turn.run(SOON)).toMatchObject({ status: "completed", text: "done" });
  });

  it("a process without its key that lists a tenant's turn as another tenant's", async () => {
    await using test = await TestFleet.start([
      command("echo secret", { escalate: "the secret plan" }),
      "done",
    ]);
    await test.worker({ encryptionKey: KEY });
    const fleet = test.fleet({ encryptionKey: KEY, onWarning: () => {} });
    const turn = await fleet.run("go", { ...ASK, tenant: "alice", thread: "plans" });
    const asked = await fleet.requests[Symbol.asyncIterator]().next();
    const requestId = asked.value?.id ?? "";
    const base = `{codex}:${test.name}.`;
    const redis = new Redis(test.redis.url);
    try {
      await redis.zadd(`${base}turns:bob/notes`, 1, turn.id);
      const thread = fleet.thread("notes", { tenant: "bob" });
      const [stolen] = await thread.turns();
      expect(stolen?.id).toBe(turn.id);
      const refused = expect.stringContaining("can't be decrypted");
      await expect(stolen?.requests.list()).rejects.toMatchObject({ message: refused });
      await expect(stolen?.stream().next()).rejects.toMatchObject({ message: refused });
      const limit = { timeoutMs: 500 };
      await expect(stolen?.steer("stop", limit)).rejects.toThrow("no response within");
      await expect(stolen?.requests.answer(requestId, "accept", undefined, limit)).rejects.toThrow(
        "no response within",
      );
      // The turn's own record can name another thread and tenant too.
      await redis.hset(`${base}turn:${turn.id}`, "thread", "bob/notes", "tenant", "bob");
      await expect(fleet.requests.list()).rejects.toMatchObject({ message: refused });
      await redis.hset(`${base}turn:${turn.id}`, "thread", "alice/plans", "tenant", "bob");
      expect(await fleet.requests.list()).toMatchObject([{ id: requestId, tenant: "alice" }]);
      await fleet.requests.answer(requestId, "accept", undefined, SOON);
      expect(await turn.run(SOON)).toMatchObject({ status: "completed", text: "done" });
      await expect(stolen?.run(SOON)).rejects.toMatchObject({ message: refused });
    } finally {
      redis.disconnect();
    }
  });

  it("a tool of a caller that throws", async () => {
    await using test = await TestFleet.start(({ outputs }) => {
      return outputs.size === 0 ? functionCall("odd", {}) : [...outputs.values()].join();
    });
    await test.worker();
    const spec = { name: "odd", description: "fails", inputSchema: { type: "object" } };
    const odd: Tool = {
      spec,
      call: async () => {
        throw new Error("no luck");
      },
    };
    const turn = await test.fleet().run("go", { tools: [odd] });
    expect((await turn.run(SOON)).text).toContain("Tool odd failed: no luck");
  });
});
