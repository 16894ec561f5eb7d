import { readdirSync, readFileSync } from "node:fs";

/** The processes that have this variable in their environment, as lines of text. Linux only. */
export function processesWith(variable) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(variable))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`);
}

/** Ends them. */
export function end(processes) {
  for (const line of processes) {
    try {
      process.kill(Number.parseInt(line, 10), "SIGKILL");
    } catch {
      // It has just exited.
    }
  }
}

function read(file) {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
