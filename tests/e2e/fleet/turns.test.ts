import { expect, it } from "vitest";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";

describeWithRedis("turns of a fleet", () => {
  it("runs a turn on a worker in another process", async () => {
    await using test = await TestFleet.start(({ userText }) => `echo ${userText}`);
    await test.worker();
    const fleet = test.fleet();
    const turn = await fleet.run("hello", { thread: "one" });
    const result = await turn.run({ timeoutMs: 20_000 });
    expect(result.throwIfFailed().text).toBe("echo hello");
    const methods: string[] = [];
    for await (const { method } of turn.stream({ timeoutMs: 5_000 })) methods.push(method);
    expect(methods.at(0)).toBe("turn/started");
    expect(methods.at(-1)).toBe("turn/completed");
    const second = await fleet.run("again", { thread: "one" });
    expect((await second.run({ timeoutMs: 20_000 })).text).toBe("echo again");
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).toContain("hello");
  });
});
