import { expect, it } from "vitest";
import type { FleetRunOptions } from "../../../src/fleet/index.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";

const SOON = { timeoutMs: 25_000 };

describeWithRedis("the settings of a fleet's turn", () => {
  it.each<[name: string, settings: FleetRunOptions]>([
    ["a sandbox", { sandbox: "read-only" }],
    ["a sandbox policy", { sandboxPolicy: { type: "readOnly", networkAccess: false } }],
    ["a profile of permissions", { permissions: ":read-only" }],
  ])("stay in effect for later turns on another worker: %s", async (_name, settings) => {
    await using test = await TestFleet.start(() => "done");
    const fleet = test.fleet();
    const threadOptions = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;
    const sandboxOf = async (options: FleetRunOptions) => {
      await (await fleet.run("go", { thread: "t", threadOptions, ...options })).run(SOON);
      const { headers } = test.model.requests.at(-1) ?? {};
      return JSON.parse(String(headers?.["x-codex-turn-metadata"])).sandbox_mode;
    };
    const first = await test.worker();
    expect(await sandboxOf({})).toBe("danger-full-access");
    expect(await sandboxOf(settings)).toBe("read-only");
    await first.end("SIGTERM");
    await test.worker();
    expect(await sandboxOf({})).toBe("read-only");
    expect(await sandboxOf({})).toBe("read-only");
  });
});
