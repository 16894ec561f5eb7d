import { expect, it } from "vitest";
import type { FleetRequest } from "../../../src/fleet/index.ts";
import { command, Gate, type ModelRequest, type Reply, reply } from "../../../src/testing/index.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";
import {
  agentOf,
  followUp,
  NESTED_AGENTS,
  SUB_AGENTS,
  spawnAgent,
  spawnNested,
  waitForAgents,
} from "../../support/sub-agents.ts";

const SOON = { timeoutMs: 25_000 };
const AGENTS = {
  threadOptions: { config: SUB_AGENTS, approvalPolicy: "on-request", sandbox: "read-only" },
} as const;

/** Each agent replies with the next of its replies. */
function scripted(script: Readonly<Record<string, readonly Reply[]>>) {
  const next = new Map<string, number>();
  return (request: ModelRequest): Reply => {
    const agent = agentOf(request);
    const index = next.get(agent) ?? 0;
    next.set(agent, index + 1);
    return script[agent]?.[index] ?? `${agent} has nothing left to say`;
  };
}

describeWithRedis("sub-agents in a fleet", () => {
  it("continue on another worker with their histories", async () => {
    await using test = await TestFleet.start(
      scripted({
        "/root": [
          ...[spawnAgent("helper"), waitForAgents(), "first"],
          ...[followUp("/root/helper"), waitForAgents(), "second"],
        ],
        "/root/helper": ["the helper remembers", "the helper continues"],
      }),
    );
    const fleet = test.fleet();
    const first = await test.worker();
    const one = await fleet.run("one", { thread: "family", ...AGENTS });
    expect((await one.run(SOON)).throwIfFailed().text).toBe("first");
    await first.end("SIGTERM");
    await test.worker();
    const two = await fleet.run("two", { thread: "family", ...AGENTS });
    expect((await two.run(SOON)).throwIfFailed().text).toBe("second");
    const asked = test.model.requests.filter((request) => agentOf(request) === "/root/helper");
    expect(asked).toHaveLength(2);
    expect(JSON.stringify(asked[1]?.input)).toContain("the helper remembers");
  });

  it("show requests of any level as those of the turn", async () => {
    const gate = new Gate();
    const asks = command("echo deepest", { escalate: "needs it" });
    await using test = await TestFleet.start(({ userText, lastOutput }) => {
      const hasSpawned = lastOutput !== undefined;
      if (userText === "middle") return hasSpawned ? "done" : spawnNested("last");
      if (userText === "last") return hasSpawned ? "the last has ended" : asks;
      return hasSpawned ? reply("working", gate) : spawnNested("middle");
    });
    const fleet = test.fleet();
    await test.worker();
    const turn = await fleet.run("first", {
      threadOptions: { ...AGENTS.threadOptions, config: NESTED_AGENTS },
    });
    let request: FleetRequest | undefined;
    for await (request of fleet.requests) break;
    expect(request).toMatchObject({ kind: "command", turn: turn.id, worker: test.workers[0]?.id });
    await fleet.requests.answer(request?.id ?? "", "accept");
    const outputs = () => test.model.requests.map(({ lastOutput }) => lastOutput ?? "");
    await expect.poll(outputs).toContainEqual(expect.stringContaining("deepest"));
    gate.open();
    expect((await turn.run(SOON)).throwIfFailed().text).toBe("working");
    expect(await fleet.requests.list()).toEqual([]);
  });

  it("show their requests as those of the turn", async () => {
    await using test = await TestFleet.start(
      scripted({
        "/root": [spawnAgent("child"), waitForAgents(), "done"],
        "/root/child": [command("echo deep", { escalate: "needs it" }), "child done"],
      }),
    );
    const fleet = test.fleet();
    await test.worker();
    const turn = await fleet.run("go", AGENTS);
    let request: FleetRequest | undefined;
    for await (request of fleet.requests) break;
    expect(request).toMatchObject({ kind: "command", turn: turn.id });
    await fleet.requests.answer(request?.id ?? "", "accept");
    expect((await turn.run(SOON)).throwIfFailed().text).toBe("done");
    expect(await fleet.requests.list()).toEqual([]);
  });
});
