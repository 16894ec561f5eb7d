import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { systemProgram } from "../process/system-program.ts";

/** The CPU and memory that a process uses. */
export interface ProcessUsage {
  /** CPU time since the last measurement, in percent of one core; null the first time. */
  readonly cpuPercent: number | null;
  readonly memoryBytes: number;
}

interface Measurement {
  readonly at: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/**
 * Clock ticks per second, the unit in which Linux counts CPU time: the same on all its
 * platforms.
 */
const TICKS = 100;

/** Measures one process repeatedly. */
export class UsageMeter {
  #pid: number | undefined;
  #last: Measurement | undefined;

  /** What the process uses; undefined if it isn't running, or the system doesn't report it. */
  async measure(pid: number): Promise<ProcessUsage | undefined> {
    if (pid !== this.#pid) this.#last = undefined;
    this.#pid = pid;
    const now = process.platform === "linux" ? procUsage(pid) : await psUsage(pid);
    const last = this.#last;
    this.#last = now;
    if (!now) return undefined;
    const elapsed = last ? now.at - last.at : 0;
    const cpuPercent = last && elapsed > 0 ? (100 * (now.cpuMs - last.cpuMs)) / elapsed : null;
    return { cpuPercent, memoryBytes: now.memoryBytes };
  }
}

function procUsage(pid: number): Measurement | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name before it can contain spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    if (Number.isNaN(user + system + kilobytes)) return undefined;
    const cpuMs = ((user + system) * 1000) / TICKS;
    return { at: performance.now(), cpuMs, memoryBytes: kilobytes * 1024 };
  } catch {
    return undefined;
  }
}

function psUsage(pid: number): Promise<Measurement | undefined> {
  const ps = systemProgram("ps");
  if (ps === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    execFile(ps, ["-o", "time=,rss=", "-p", String(pid)], { timeout: 2000 }, (_error, output) =>
      resolve(parsePsUsage(output, performance.now())),
    );
  });
}

/** What `ps -o time=,rss=` prints, such as `1-02:03:04.50 12345`. */
export function parsePsUsage(output: string, at: number): Measurement | undefined {
  const [, days = 0, hours = 0, minutes, seconds, kilobytes] =
    /^\s*(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s+(\d+)/.exec(output) ?? [];
  if (kilobytes === undefined) return undefined;
  const time = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return { at, cpuMs: time * 1000, memoryBytes: Number(kilobytes) * 1024 };
}
