import { hasProcTable, procTable, psTable } from "./process-table.ts";

/** Identifies a process beyond its end: its pid can be given to another one. */
export interface ProcessMark {
  readonly pid: number;
  /** Undefined where the system doesn't show it. */
  readonly startedAt: string | undefined;
}

export async function markProcess(pid: number): Promise<ProcessMark> {
  return { pid, startedAt: await startOf(pid) };
}

/** Asks the system. Events of a process come late, and to the thread that started it only. */
export async function isStillRunning({ pid, startedAt }: ProcessMark): Promise<boolean> {
  return startedAt === undefined ? exists(pid) : (await startOf(pid)) === startedAt;
}

async function startOf(pid: number): Promise<string | undefined> {
  const table = hasProcTable() ? procTable : await psTable();
  return table.startedAt(pid);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
