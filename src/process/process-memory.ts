import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { hasProcTable, procTable } from "./process-table.ts";
import { systemProgram } from "./system-program.ts";

/** Whether this system shows how much memory a process uses. */
export function canMeasureMemory(): boolean {
  return hasProcTable() || systemProgram("ps") !== undefined;
}

/**
 * The resident memory of each of these processes together with all that descend from it, in bytes.
 * Memory that several processes share counts for each of them. Processes that have ended are absent.
 */
export async function residentMemory(pids: readonly number[]): Promise<Map<number, number>> {
  const table = hasProcTable() ? procMemory : parsePsMemory(await psMemory());
  const memory = new Map<number, number>();
  for (const pid of pids) {
    const own = table.resident(pid);
    if (own !== undefined) memory.set(pid, own + ofDescendants(pid, table));
  }
  return memory;
}

interface MemoryTable {
  children(pid: number): readonly number[];
  /** In bytes; undefined if there is no such process. */
  resident(pid: number): number | undefined;
}

function ofDescendants(pid: number, table: MemoryTable): number {
  const left = [...table.children(pid)];
  const seen = new Set([pid]);
  let bytes = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    bytes += table.resident(next) ?? 0;
    left.push(...table.children(next));
  }
  return bytes;
}

const procMemory: MemoryTable = {
  children: (pid) => procTable.children(pid),
  resident(pid) {
    try {
      const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    } catch {
      return undefined;
    }
  },
};

function psMemory(): Promise<string> {
  const ps = systemProgram("ps");
  if (ps === undefined) return Promise.resolve("");
  return new Promise((resolve) => {
    const args = ["-A", "-o", "pid=,ppid=,rss="];
    execFile(ps, args, { timeout: 2000 }, (_error, output) => resolve(output));
  });
}

/** The output of `ps -A -o pid=,ppid=,rss=`. */
export function parsePsMemory(output: string): MemoryTable {
  const resident = new Map<number, number>();
  const children = new Map<number, number[]>();
  for (const line of output.split("\n")) {
    const [, pidText, parentText, kilobytes] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
    if (kilobytes === undefined) continue;
    const pid = Number(pidText);
    const parent = Number(parentText);
    resident.set(pid, Number(kilobytes) * 1024);
    const siblings = children.get(parent) ?? [];
    siblings.push(pid);
    children.set(parent, siblings);
  }
  return {
    children: (pid) => children.get(pid) ?? [],
    resident: (pid) => resident.get(pid),
  };
}
