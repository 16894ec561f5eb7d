import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Codex } from "../../../src/client/codex.ts";
import type { FleetRedis } from "../../../src/fleet/redis/connection.ts";
import { HandedOver } from "../../../src/fleet/worker/handed-over.ts";
import { stateOfUser, thisUser } from "../../../src/fleet/worker/home-user.ts";
import { Homes } from "../../../src/fleet/worker/homes.ts";
import { hasProcTable } from "../../../src/process/process-table.ts";
import {
  type TemporaryDirectory,
  temporaryDirectory,
} from "../../../src/testing/temporary-directory.ts";
import { failureOf } from "../../support/e2e.ts";

let home: TemporaryDirectory;
beforeAll(async () => {
  home = await temporaryDirectory("fleet-home-");
});
afterAll(() => home[Symbol.asyncDispose]());

/** The process that has a home, and whether its claim was renewed in time. */
type Reply = readonly [holder: string, isCurrent: number];
const TAKEN: Reply = ["", 1];
const LOCK_MS = 1_000;

/** The homes of this process, while Redis gives these replies. */
function homesWith(...replies: (Reply | Error)[]) {
  const warnings: string[] = [];
  const asked: unknown[][] = [];
  const run = async (...args: unknown[]) => {
    asked.push(args);
    const reply = replies.shift() ?? TAKEN;
    if (reply instanceof Error) throw reply;
    return reply;
  };
  const persist = <T>(write: () => Promise<T>) => write().catch(write);
  const redis = { run, persist } as unknown as FleetRedis;
  const homes = new Homes(redis, LOCK_MS, ({ code }) => warnings.push(code));
  const codex = { connect: async () => {}, metadata: { codexHome: home.path } } as unknown as Codex;
  return { homes, codex, warnings, asked };
}

/** A process of this machine, or of another container if `place` is given. */
function user(pid: number, place?: string): string {
  const [here] = JSON.parse(thisUser()) as [string];
  return JSON.stringify([place ?? here, pid, "0"]);
}
const ended = user(2 ** 30);
const hidden = user(1, "another container");

it.runIf(process.platform === "linux")(
  "a home with a kept history that can't be restored is claimed, with a warning",
  async () => {
    const { homes, codex, warnings } = homesWith();
    const sessions = join(home.path, "sessions");
    await mkdir(sessions);
    const name = [
      Buffer.from(`${sessions}/`),
      Buffer.from([0xff]),
      Buffer.from(`.${"0".repeat(36)}.kept`),
    ];
    await writeFile(Buffer.concat(name), "");
    await homes.claim(codex);
    expect(warnings).toEqual(["FLEET_RETRY"]);
    await rm(sessions, { recursive: true });
  },
);

it("a home that another process uses is left to it, with one warning", async () => {
  const { homes, codex, warnings } = homesWith([hidden, 1], [hidden, 1]);
  for (const _ of [1, 2]) {
    const failure = await failureOf(homes.claim(codex));
    expect(failure).toBeInstanceOf(HandedOver);
    expect(failure).toMatchObject({ delayMs: 1_000, message: expect.stringContaining(home.path) });
  }
  expect(warnings).toEqual(["FLEET_HOME"]);
  await homes.claim(codex);
});

it("a home is taken over from a process that has ended", async () => {
  const { homes, codex, asked } = homesWith([ended, 1], TAKEN);
  await homes.claim(codex);
  expect(asked.map((args) => args[3])).toEqual(["", ended]);
});

it("a home is taken over from a process that nobody can see when its claim has expired", async () => {
  const { homes, codex, asked } = homesWith([hidden, 0], TAKEN);
  await homes.claim(codex);
  expect(asked.map((args) => args[3])).toEqual(["", hidden]);
});

it.runIf(hasProcTable())(
  "a home is left to a process that is running, even if its claim has expired",
  async () => {
    const { homes, codex } = homesWith([thisUser(), 0]);
    expect(await failureOf(homes.claim(codex))).toBeInstanceOf(HandedOver);
  },
);

it.runIf(hasProcTable())("a process isn't confused with an earlier one with its pid", () => {
  expect(stateOfUser(thisUser())).toBe("running");
  expect(stateOfUser(user(process.pid))).toBe("ended");
  expect(stateOfUser(user(process.pid, "another container"))).toBe("unknown");
});

it("a claim that Redis refuses for a while is repeated", async () => {
  const { homes, codex, asked } = homesWith(new Error("READONLY"), TAKEN);
  await homes.claim(codex);
  await homes.claim(codex);
  expect(asked).toHaveLength(2);
});

it("a claim that wasn't renewed in time is requested again before the home is used", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const { homes, codex, asked } = homesWith(TAKEN, TAKEN, [hidden, 1]);
    await homes.claim(codex);
    vi.advanceTimersByTime(LOCK_MS - 1);
    await homes.claim(codex);
    expect(asked).toHaveLength(1);
    await homes.renew();
    vi.advanceTimersByTime(LOCK_MS - 1);
    await homes.claim(codex);
    expect(asked).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(await failureOf(homes.claim(codex))).toBeInstanceOf(HandedOver);
  } finally {
    vi.useRealTimers();
  }
});
