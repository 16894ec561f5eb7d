import { execFile } from "node:child_process";
import type { ExitStatus } from "../errors/errors.ts";
import { within } from "../util/abort.ts";
import { startTicking } from "../util/timer.ts";
import { type Family, familyOf, signalQuietly } from "./family.ts";
import { hasProcTable, procTable, psTable } from "./process-table.ts";
import { systemProgram } from "./system-program.ts";

export interface TerminateOptions {
  /** How long to wait after each step before the next, harsher one. In milliseconds; default 2000. */
  readonly graceMs?: number;
}

export interface Terminable {
  readonly pid: number;
  readonly stdin: { end(): void };
  /** Resolves at the exit, without waiting for the rest of the pipes. */
  readonly exited: Promise<ExitStatus>;
  /** False as soon as the system may reuse the pid. */
  isRunning(): boolean;
}

/** How often the children of a server that is ending are looked up: it can still start some. */
const LOOK_MS = 20;

type Step = (pid: number) => void | Promise<void>;

/**
 * Ends a server: closes stdin, then sends SIGTERM, then SIGKILL, each after a bounded wait (on
 * Windows, `taskkill` instead of the signals). Its child processes are ended too, including those
 * with their own session. Resolves when it has exited or, if the system can't end it, after the
 * last wait.
 */
export async function terminate(
  server: Terminable,
  { graceMs = 2000 }: TerminateOptions = {},
): Promise<ExitStatus> {
  if (!server.isRunning()) return server.exited;
  const family = familyOf(server.pid);
  const look = () => {
    if (hasProcTable() && server.isRunning()) family.remember(procTable);
  };
  look();
  const looking = startTicking(LOOK_MS, look);
  server.stdin.end();
  const status =
    (await within(graceMs, server.exited)) ?? (await climb(server, family, graceMs)) ?? killed;
  looking.cancel();
  if (!family.isEmpty()) family.killSurvivors(await currentTable());
  return status;
}

const killed: ExitStatus = { code: null, signal: "SIGKILL" };

async function climb(
  server: Terminable,
  family: Family,
  graceMs: number,
): Promise<ExitStatus | undefined> {
  for (const step of process.platform === "win32" ? [killTree, kill] : [askGroup, killGroup]) {
    const table = await currentTable();
    if (server.isRunning()) {
      family.remember(table);
      await step(server.pid);
    }
    const status = await within(graceMs, server.exited);
    if (status !== undefined) return status;
  }
  return undefined;
}

const askGroup: Step = (pid) => signalQuietly(-pid, "SIGTERM");
const killGroup: Step = (pid) => signalQuietly(-pid, "SIGKILL");
const kill: Step = (pid) => signalQuietly(pid, "SIGKILL");
const killTree: Step = (pid) => {
  const taskkill = systemProgram("taskkill");
  if (taskkill === undefined) return kill(pid);
  return new Promise((resolve) => {
    const args = ["/PID", String(pid), "/T", "/F"];
    execFile(taskkill, args, { windowsHide: true, timeout: 2000 }, () => resolve());
  });
};

function currentTable() {
  return hasProcTable() ? procTable : psTable();
}
