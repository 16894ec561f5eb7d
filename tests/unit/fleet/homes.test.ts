import { hostname } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Codex } from "../../../src/client/codex.ts";
import type { FleetRedis } from "../../../src/fleet/redis/connection.ts";
import { HandedOver } from "../../../src/fleet/worker/handed-over.ts";
import { Homes } from "../../../src/fleet/worker/homes.ts";
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

/** The homes of this process, while Redis gives these replies. */
function homesWith(...replies: (string | Error)[]) {
  const warnings: string[] = [];
  const asked: unknown[][] = [];
  const run = async (...args: unknown[]) => {
    asked.push(args);
    const reply = replies.shift() ?? "";
    if (reply instanceof Error) throw reply;
    return reply;
  };
  const persist = <T>(write: () => Promise<T>) => write().catch(write);
  const redis = { run, persist } as unknown as FleetRedis;
  const homes = new Homes(redis, 1_000, ({ code }) => warnings.push(code));
  const codex = { connect: async () => {}, metadata: { codexHome: home.path } } as unknown as Codex;
  return { homes, codex, warnings, asked };
}

const processOf = (pid: number) => JSON.stringify([hostname(), pid]);

it("a home that another process uses is left to it, with one warning", async () => {
  const other = processOf(process.ppid);
  const { homes, codex, warnings } = homesWith(other, other, "");
  for (const _ of [1, 2]) {
    const failure = await failureOf(homes.claim(codex));
    expect(failure).toBeInstanceOf(HandedOver);
    expect(failure).toMatchObject({ delayMs: 1_000, message: expect.stringContaining(home.path) });
  }
  expect(warnings).toEqual(["FLEET_HOME"]);
  await homes.claim(codex);
});

it("a home is taken over from a process that has ended", async () => {
  const ended = processOf(2 ** 30);
  const { homes, codex, asked } = homesWith(ended, "");
  await homes.claim(codex);
  expect(asked[1]).toEqual(["home", asked[0]?.[1], processOf(process.pid), ended, 1_000]);
});

it("a claim that Redis refuses for a while is repeated", async () => {
  const { homes, codex, asked } = homesWith(new Error("READONLY"), "");
  await homes.claim(codex);
  await homes.claim(codex);
  expect(asked).toHaveLength(2);
});
