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
/** What is read of a file's beginning and end. */
const ENOUGH_BYTES = 4096;

/** The file of one trace, and those that were full. */
export class TracePath {
  readonly file: string;

  private constructor(file: string) {
    this.file = file;
  }

  /**
   * The path to write a new trace to. What an earlier trace has left there is deleted; one that is
   * still being written stays, and the new one gets a number.
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

  /** The trace of which this is the last file. */
  static of(file: string): TracePath {
    return new TracePath(path.resolve(file));
  }

  /** Where a file goes that is full. */
  partFile(part: number): string {
    const { dir, name, ext } = path.parse(this.file);
    return path.join(dir, `${name}.part${part}${ext}`);
  }

  /** The files that are full, oldest first. */
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

/** Only what an earlier trace has left may be deleted. */
function refuseForeign(file: string, found: ReturnType<typeof stateOf>): void {
  if (found !== "foreign") return;
  throw new Error(`${file} exists and isn't a trace; delete it, or write the trace elsewhere`);
}

/** What is at this path: nothing, a trace that is over or still being written, or something else. */
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
    // It may belong to another user.
    return isRecord(error) && error.code === "EPERM";
  }
}
