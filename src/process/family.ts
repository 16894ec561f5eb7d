import { type ProcessTable, sessionMembers } from "./process-table.ts";

/**
 * The descendants of one process, remembered while it runs so that they can be found after it has
 * exited.
 */
export interface Family {
  isEmpty(): boolean;
  /**
   * Adds, from this table, the descendants of the process and of the processes already remembered.
   */
  remember(table: ProcessTable): void;
  /**
   * Kills the descendants that are still running. A pid that now belongs to another process is left
   * alone.
   */
  killSurvivors(table: ProcessTable): void;
}

export function familyOf(head: number): Family {
  const startTimes = new Map<number, string>();

  function survivors(table: ProcessTable): number[] {
    return [...startTimes]
      .filter(([pid, time]) => table.startedAt(pid) === time)
      .map(([pid]) => pid);
  }
  /** Adds descendants without recursion, because commands can start each other thousands of levels deep. */
  function addDescendants(parent: number, table: ProcessTable): void {
    const parents = [parent];
    for (let next = parents.pop(); next !== undefined; next = parents.pop()) {
      for (const pid of table.children(next)) {
        const startedAt = table.startedAt(pid);
        if (startedAt === undefined || startTimes.get(pid) === startedAt) continue;
        startTimes.set(pid, startedAt);
        parents.push(pid);
      }
    }
  }
  return {
    isEmpty: () => startTimes.size === 0,
    remember(table) {
      for (const pid of [head, ...survivors(table)]) addDescendants(pid, table);
    },
    killSurvivors(table) {
      for (const pid of survivors(table)) addDescendants(pid, table);
      for (const pid of survivors(table)) signalQuietly(pid, "SIGKILL");
    },
  };
}

/**
 * Kills the rest of the group of a process that has just exited and, unless it exited cleanly, of
 * its session: a killed server couldn't end its children. Must be called immediately, before the
 * pid can be reused.
 */
export function killLeftBehind(pid: number, cleanExit: boolean): void {
  if (process.platform === "win32") return;
  signalQuietly(-pid, "SIGKILL");
  if (cleanExit) return;
  for (const member of sessionMembers(pid)) signalQuietly(member, "SIGKILL");
}

/**
 * Signals a process, or a group by its negative number. Ignores a process that has exited or belongs
 * to another user.
 */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already ended.
  }
}
