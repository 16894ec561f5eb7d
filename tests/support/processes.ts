import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type AppServerProcess,
  type SpawnOptions,
  spawnAppServer,
} from "../../src/process/app-server-process.ts";
import { procTable } from "../../src/process/process-table.ts";
import { waitUntil } from "./wait-until.ts";

type Manner =
  | "ignores-sigterm"
  | "ignores-eof"
  | "has-child"
  | "has-child-in-own-session"
  | "has-child-in-own-group"
  | "starts-child-at-end"
  | "floods-stderr"
  | "fails";

export const fakeServer: string = fileURLToPath(
  new URL("./fake-server-process.mjs", import.meta.url),
);

/** A fake server that is ready, and the pid of its child if one was requested. */
export async function startFakeServer(
  manners: readonly Manner[] = [],
  options: Partial<SpawnOptions> = {},
): Promise<{ server: AppServerProcess; child: number }> {
  const server = await spawnAppServer({
    command: process.execPath,
    args: [fakeServer, ...manners],
    ...options,
  });
  return { server, child: await printedChild(server) };
}

/** The pid in the next line that the fake server prints. */
export async function printedChild(server: AppServerProcess): Promise<number> {
  const lines = createInterface({ input: server.stdout });
  const [line] = await once(lines, "line");
  return JSON.parse(line).child;
}

export function isRunning(pid: number): boolean {
  return procTable.startedAt(pid) !== undefined;
}

/** Stops a process. Resolves when all its threads have stopped, which can take a moment after the signal. */
export async function suspend(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  const stateOf = (thread: string) =>
    /\) (\S)/.exec(readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8"))?.[1];
  const hasStopped = () => readdirSync(`/proc/${pid}/task`).every((one) => stateOf(one) === "T");
  await waitUntil(`${pid} has stopped`, hasStopped);
}

/** The command lines of a process and all its descendants, as every user can read them. */
export function commandLines(pid: number): string[] {
  const own = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  return [own, ...procTable.children(pid).flatMap(commandLines)];
}
