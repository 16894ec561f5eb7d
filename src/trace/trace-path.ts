import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { isRecord } from "../util/describe.ts";

const EXTENSION = ".jsonl";
/** The number of bytes to read at a file's beginning and end. */
const ENOUGH_BYTES = 4096;

/** The current file of a trace, and the full ones. */
export class TracePath {
  readonly file: string;

  private constructor(file: string) {
    this.file = file;
  }

  /**
   * The path for a new trace. Deletes the files of an earlier trace there; if that is still being
   * written, it stays, and the new one gets a number.
   * @throws Error if there is a file that isn't a trace.
   */
  static prepare(given: string, now: Date): TracePath {
    const isFolder =
      /[\\/]$/.test(given) || statSync(given, { throwIfNoEntry: false })?.isDirectory();
    const wanted = isFolder ? path.join(given, nameAt(now)) : given;
    mkdirSync(path.dirname(path.resolve(wanted)), { recursive: true, mode: 0o700 });
    for (let count = 1; ; count++) {
      const file = path.resolve(count === 1 ? wanted : numbered(wanted, count));
      const found = stateOf(file);
      refuseForeign(file, found);
      if (found === "open" || (isFolder && found === "over")) continue;
      const made = new TracePath(file);
      const parts = made.parts().map(({ file }) => file);
      for (const part of parts) refuseForeign(part, stateOf(part));
      for (const old of [file, ...parts]) rmSync(old, { force: true });
      return made;
    }
  }

  /** The trace whose last file this is. */
  static of(file: string): TracePath {
    return new TracePath(path.resolve(file));
  }

  /** The path for a full file. */
  partFile(part: number): string {
    const { dir, name, ext } = path.parse(this.file);
    return path.join(dir, `${name}.part${part}${ext}`);
  }

  /** The full files, oldest first. */
  parts(): { readonly part: number; readonly file: string }[] {
    const { dir, name, ext } = path.parse(this.file);
    return readdirSync(dir)
      .flatMap((file) => {
        const isPart = file.startsWith(`${name}.part`) && file.endsWith(ext);
        const number = isPart ? file.slice(name.length + 5, file.length - ext.length) : "";
        if (!/^[1-9]\d{0,14}$/.test(number)) return [];
        return [{ part: Number(number), file: path.join(dir, file) }];
      })
      .sort((a, b) => a.part - b.part);
  }
}

function nameAt(now: Date): string {
  const time = now.toISOString().replaceAll(/[:.]/g, "-");
  return `codex-${time}-${process.pid}${EXTENSION}`;
}

function numbered(file: string, count: number): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${count}${ext}`);
}

/** Refuses a file that isn't a trace: only the files of an earlier trace may be deleted. */
function refuseForeign(file: string, found: ReturnType<typeof stateOf>): void {
  if (found !== "foreign") return;
  throw new Error(`${file} exists and isn't a trace; delete it, or write the trace elsewhere`);
}

/**
 * The kind of thing at this path: nothing, a trace that is complete or still being written, or
 * something else.
 */
function stateOf(file: string): "none" | "over" | "open" | "foreign" {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return "none";
  if (!found.isFile()) return "foreign";
  if (found.size === 0) return "over";
  const { first, last } = endsOf(file);
  const header = parsed(first);
  if (!isRecord(header) || header.trace !== "codex-app-server") return "foreign";
  const end = parsed(last);
  if (isRecord(end) && end.event === "end") return "over";
  return isRunning(header.pid) ? "open" : "over";
}

/** The first and the last line of a file. */
function endsOf(file: string): { readonly first: string; readonly last: string } {
  // A pipe that was put there meanwhile would block forever.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { size } = fstatSync(descriptor);
    const read = (from: number) => {
      const bytes = Buffer.alloc(ENOUGH_BYTES);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, ENOUGH_BYTES, from)).toString();
    };
    const [first = ""] = read(0).split("\n", 1);
    return {
      first,
      last:
        read(Math.max(0, size - ENOUGH_BYTES))
          .trimEnd()
          .split("\n")
          .at(-1) ?? "",
    };
  } finally {
    closeSync(descriptor);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRunning(pid: unknown): boolean {
  if (typeof pid !== "number") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process may belong to another user.
    return isRecord(error) && error.code === "EPERM";
  }
}
