import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { test } from "vitest";
import { Codex } from "../../../src/index.ts";
import { procTable } from "../../../src/process/process-table.ts";
import { isolatedHome, scriptedConfig } from "../../../src/testing/index.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** The nightly command plays 500. */
const cycles = Number(process.env.CYCLES ?? 25);

/** The resources of this process: children, files, listeners on the process and on the client's signal, handles. */
function held(signal: AbortSignal): readonly number[] {
  const listeners = process.eventNames().map((name) => process.listenerCount(name));
  return [
    procTable.children(process.pid).length,
    readdirSync("/proc/self/fd").length,
    listeners.reduce((sum, count) => sum + count, 0),
    getEventListeners(signal, "abort").length,
    process.getActiveResourcesInfo().filter((name) => name !== "Timeout").length,
  ];
}

test(`${cycles} clients that were started and closed leave nothing behind`, {
  timeout: 60_000 + cycles * 1_000,
}, async () => {
  await using home = await isolatedHome(scriptedConfig("http://127.0.0.1:1/v1"));
  const { signal } = new AbortController();
  const cycle = async () => {
    const codex = await Codex.start({ env: home.env, cwd: home.path, signal });
    await codex.threadStart({ ephemeral: true });
    await codex.close();
  };
  // Modules that the first client loads stay loaded.
  await cycle();
  const before = held(signal);
  for (let count = 0; count < cycles; count++) await cycle();
  // A leak grows with each cycle. Resources that are released on their own may have been released in the meantime.
  const isNoMore = (count: number, index: number) => count <= (before[index] ?? 0);
  await waitUntil(`no more than ${before}`, () => held(signal).every(isNoMore));
});
