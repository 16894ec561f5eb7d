import { readdirSync, readFileSync } from "node:fs";

/**
 * The memory of a process and its descendants, in bytes; shared pages count proportionally. Linux
 * only.
 */
export function treeMemory(root) {
  const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
  const isOfTree = (pid) => pid === root || (parents.has(pid) && isOfTree(parents.get(pid)));
  return [...parents.keys()]
    .filter(isOfTree)
    .map(memoryOf)
    .reduce((sum, bytes) => sum + bytes, 0);
}

function processes() {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function parentOf(pid) {
  return Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function memoryOf(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
