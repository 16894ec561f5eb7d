import { readFileSync } from "node:fs";
import { procTable } from "../../src/process/process-table.ts";

/** The pids of this process's descendants whose command line contains this text. */
export function descendantsRunning(words: string, root: number = process.pid): number[] {
  return procTable.children(root).flatMap((pid) => {
    const below = descendantsRunning(words, pid);
    return commandLine(pid).includes(words) ? [pid, ...below] : below;
  });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
