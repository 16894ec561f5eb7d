import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { FleetTurn } from "../../../src/fleet/index.ts";
import { command, failure, Gate, reply } from "../../../src/testing/index.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";

const run = promisify(execFile);
const SOON = { timeoutMs: 25_000 };
const QUICK = { lockMs: 1_000 };

/** A repository whose branch "work" has a file that its first branch lacks. */
async function repositoryIn(folder: string): Promise<string> {
  const path = join(folder, "repository");
  await mkdir(path);
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], { cwd: path });
  await git("init", "--quiet", "--initial-branch", "main");
  await git("commit", "--quiet", "--allow-empty", "-m", "Begin");
  await git("checkout", "--quiet", "-b", "work");
  await writeFile(join(path, "on-branch.txt"), "checked out\n");
  await git("add", ".");
  await git("commit", "--quiet", "-m", "Add a file");
  return path;
}

const clonesOf = ({ folder }: TestFleet) => readdir(join(folder, "clones")).catch(() => []);

async function outputOf(turn: FleetTurn): Promise<string> {
  const { items } = (await turn.run(SOON)).throwIfFailed();
  return items
    .flatMap((item) => (item.type === "commandExecution" ? (item.aggregatedOutput ?? "") : []))
    .join("");
}

describeWithRedis("workspaces of a fleet", () => {
  it("check out a branch for each turn of a thread, and are removed after it", async () => {
    await using test = await TestFleet.start([
      ...[command("cat on-branch.txt; touch left-over.txt"), "one"],
      ...[command("ls"), "two"],
    ]);
    await test.worker({ repository: await repositoryIn(test.folder) });
    const fleet = test.fleet();
    const options = { thread: "t", threadOptions: { sandbox: "danger-full-access" } } as const;
    expect(await outputOf(await fleet.run("one", options))).toContain("checked out");
    expect(await clonesOf(test)).toEqual([]);
    expect(await outputOf(await fleet.run("two", options))).toBe("on-branch.txt\n");
    expect(await clonesOf(test)).toEqual([]);
  });

  it("are removed after a turn that fails, and after one that is interrupted", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start([failure(400), reply("slow", gate)]);
    await test.worker({ repository: await repositoryIn(test.folder) });
    const fleet = test.fleet();
    const failing = await fleet.run("fail");
    expect((await failing.run(SOON)).status).toBe("failed");
    expect(await clonesOf(test)).toEqual([]);
    const stopped = await fleet.run("stop");
    await gate.reached;
    expect(await clonesOf(test)).toHaveLength(1);
    await stopped.interrupt(SOON);
    await stopped.run(SOON);
    expect(await clonesOf(test)).toEqual([]);
  });

  it("that can't be prepared end the turn with the reason", async () => {
    await using test = await TestFleet.start(["never asked"]);
    await test.worker({ repository: join(test.folder, "missing") });
    const turn = await test.fleet().run("go");
    await expect(turn.run(SOON)).rejects.toThrow("missing");
    expect(test.model.requests).toEqual([]);
  });

  it("of a lost worker stay on its machine, and the next worker prepares its own", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start([reply("lost", gate), command("ls"), "retried"]);
    const repository = await repositoryIn(test.folder);
    const lost = await test.worker({ ...QUICK, repository });
    const turn = await test.fleet().run("go", {
      onWorkerLost: "retry",
      threadOptions: { sandbox: "danger-full-access" },
    });
    await gate.reached;
    const [left] = await clonesOf(test);
    await lost.end("SIGKILL");
    await test.worker({ ...QUICK, repository });
    expect(await outputOf(turn)).toBe("on-branch.txt\n");
    // Only a worker that is running can clean up.
    expect(await clonesOf(test)).toEqual([left]);
  });
});
