import { execFile } from "node:child_process";
import { accessSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { systemProgram } from "./system-program.ts";

/** The flags of a socket that accepts connections, in /proc/net/unix. */
const ACCEPTING = "00010000";

/** The running processes of this machine. A zombie doesn't count. */
export interface ProcessTable {
  children(pid: number): number[];
  /** Distinguishes a process from a later one with the same pid; undefined if none is running. */
  startedAt(pid: number): string | undefined;
}

/**
 * Whether /proc lists the children of each process, as on Linux, so that only the needed part is
 * read. False if /proc must not be read, as in Deno without `--allow-all`.
 */
export function hasProcTable(): boolean {
  return process.platform === "linux" && isReadable("/proc/thread-self/children");
}

export const procTable: ProcessTable = {
  children(pid) {
    return list(`/proc/${pid}/task`)
      .flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(" "))
      .filter((text) => text !== "")
      .map(Number);
  },
  startedAt(pid) {
    const stat = procStat(pid);
    return stat === undefined || stat.state === "Z" ? undefined : stat.startedAt;
  },
};

/** The processes in the session that `pid` opened. Reads all of /proc; empty if there is none. */
export function sessionMembers(pid: number): number[] {
  return list("/proc")
    .map(Number)
    .filter((member) => procStat(member)?.session === pid);
}

/** The numbers of the sockets that a process has open; empty if /proc doesn't list them. */
export function openSockets(pid: number): string[] {
  return list(`/proc/${pid}/fd`).flatMap((fd) => {
    const [, socket] = /^socket:\[(\d+)\]$/.exec(target(`/proc/${pid}/fd/${fd}`)) ?? [];
    return socket === undefined ? [] : [socket];
  });
}

/** The numbers of the Unix sockets that accept connections at a path; empty if /proc doesn't list them. */
export function acceptingSockets(path: string): ReadonlySet<string> {
  const lines = read("/proc/net/unix").split("\n");
  const accepting = lines.filter(
    (line) => line.split(/\s+/)[3] === ACCEPTING && line.endsWith(` ${path}`),
  );
  return new Set(accepting.map((line) => line.split(/\s+/)[6] ?? ""));
}

/** A snapshot for systems without /proc; empty without `ps`, as on Windows. */
export function psTable(): Promise<ProcessTable> {
  const ps = systemProgram("ps");
  if (ps === undefined) return Promise.resolve(parsePs(""));
  return new Promise((resolve) => {
    execFile(ps, ["-A", "-o", "pid=,ppid=,stat=,lstart="], { timeout: 2000 }, (_error, output) => {
      resolve(parsePs(output));
    });
  });
}

export function parsePs(output: string): ProcessTable {
  const started = new Map<number, string>();
  const children = new Map<number, number[]>();
  for (const line of output.split("\n")) {
    const [, pidText, parentText, startedAt] =
      /^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(.*)$/.exec(line) ?? [];
    if (startedAt === undefined) continue;
    const pid = Number(pidText);
    const parent = Number(parentText);
    started.set(pid, startedAt);
    const siblings = children.get(parent) ?? [];
    siblings.push(pid);
    children.set(parent, siblings);
  }
  return {
    children: (pid) => children.get(pid) ?? [],
    startedAt: (pid) => started.get(pid),
  };
}

function procStat(pid: number) {
  const text = read(`/proc/${pid}/stat`);
  // The name before it can contain spaces and brackets.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, , , session] = fields;
  const startedAt = fields[19];
  return startedAt === undefined ? undefined : { state, session: Number(session), startedAt };
}

function isReadable(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "";
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
