import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { messageOf } from "../util/describe.ts";
import { UsageError } from "./usage-error.ts";

const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;

/**
 * The file for the answer, empty until then. It is opened before the agent starts: an agent that
 * may only write to its workspace could put a link to any other file in its place. For the same
 * reason it must not already be a link, except for the system's own, such as `/dev/stdout`, and no
 * link in its path may lead out of a folder that agents can write to.
 */
export class AnswerFile implements Disposable {
  readonly #path: string;
  readonly #descriptor: number;

  /**
   * `workspace`: the agent's directory, an absolute path.
   * @throws UsageError if the file can't be opened, is a link, or has a link in its path.
   */
  constructor(absolute: string, workspace: string) {
    this.#path = absolute;
    refuseWayOut(absolute, [workspace, tmpdir(), "/tmp"]);
    const isOfSystem = absolute.startsWith("/dev/");
    if (!isOfSystem && lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw fault(absolute, "is a symbolic link: use the path of the file itself");
    }
    const flags = O_WRONLY | O_CREAT | O_TRUNC | (isOfSystem ? 0 : O_NOFOLLOW);
    this.#descriptor = attempt(() => openSync(absolute, flags, 0o666));
  }

  /** @throws UsageError if the file can't be written to, or is no longer the one that was opened. */
  write(text: string): void {
    const opened = fstatSync(this.#descriptor, { bigint: true });
    if (opened.isFile()) {
      const found = lstatSync(this.#path, { bigint: true, throwIfNoEntry: false });
      if (found?.ino !== opened.ino || found.dev !== opened.dev) {
        throw fault(this.#path, "was replaced during the turn, so the answer isn't in it");
      }
    }
    attempt(() => {
      if (opened.isFile()) ftruncateSync(this.#descriptor);
      writeFileSync(this.#descriptor, text);
    });
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

/** Refuses a link that leads out of a writable folder: an agent may have put it there in an earlier turn. */
function refuseWayOut(absolute: string, writable: readonly string[]): void {
  const folder = path.dirname(absolute);
  const realOf = (one: string) => attempt(() => realpathSync(one));
  for (const root of writable.filter((one) => isInside(folder, one))) {
    const real = realOf(folder);
    if (isInside(real, realOf(root))) continue;
    throw fault(
      absolute,
      `is reached through a symbolic link; its real folder is ${real}: use that path`,
    );
  }
}

function isInside(folder: string, root: string): boolean {
  const way = path.relative(root, folder);
  return way === "" || !(way === ".." || way.startsWith(`..${path.sep}`) || path.isAbsolute(way));
}

function attempt<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`--output-last-message: ${messageOf(error)}`);
  }
}

function fault(absolute: string, what: string): UsageError {
  const given = path.relative("", absolute) || absolute;
  return new UsageError(`--output-last-message: ${JSON.stringify(given)} ${what}`);
}
