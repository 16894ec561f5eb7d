import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { hasProcTable, procTable } from "../../process/process-table.ts";
import { isErrno } from "../../util/is-errno.ts";

/** Whether a process is running; "unknown" if it can't be seen from here, for example in another container. */
export type UserState = "running" | "ended" | "unknown";

/** Names this process for all others that can use its homes. A later process never has the same name. */
export function thisUser(): string {
  return JSON.stringify([placeOf(), process.pid, startOf(process.pid)]);
}

export function stateOfUser(user: string): UserState {
  const [place, pid, startedAt] = JSON.parse(user) as [string, number, string];
  if (place !== placeOf()) return "unknown";
  if (hasProcTable()) return startOf(pid) === startedAt ? "running" : "ended";
  return exists(pid) ? "unknown" : "ended";
}

/** Where the process's pid is valid: containers can have the same host name, but not the same processes. */
function placeOf(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return hostname();
  }
}

function startOf(pid: number): string {
  return hasProcTable() ? (procTable.startedAt(pid) ?? "") : "";
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isErrno(error, "ESRCH");
  }
}
