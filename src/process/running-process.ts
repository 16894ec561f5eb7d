import { hasProcTable, procTable, psTable } from "./process-table.ts";

/** Identifies a process even after its end, when the system can reuse its pid. */
export interface ProcessMark {
  readonly pid: number;
  /** Undefined if the system doesn't report it. */
  readonly startedAt: string | undefined;
}

export async function markProcess(pid: number): Promise<ProcessMark> {
  return { pid, startedAt: await startOf(pid) };
}

/** Asks the system: a process's events arrive late, and only in the thread that started it. */
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
