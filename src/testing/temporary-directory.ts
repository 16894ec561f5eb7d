import { readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { hasProcTable, procTable } from "../process/process-table.ts";

/** A directory that is removed when it is closed or disposed of, or when the process exits. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
  close(): Promise<void>;
}

/** An exiting server may still write to the directory, so its removal is retried. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };

/** Creates an empty directory; disposing of it removes it with its contents. */
export async function temporaryDirectory(prefix: string): Promise<TemporaryDirectory> {
  const directory = await mkdtemp(path.join(tmpdir(), prefix));
  atExit.add(directory);
  const close = async () => {
    await rm(directory, REMOVAL);
    atExit.delete(directory);
  };
  return { path: directory, close, [Symbol.asyncDispose]: close };
}

/**
 * The existing directories, which are removed when the process exits, with one listener for all.
 */
class ExitRemoval {
  readonly #directories = new Set<string>();

  add(directory: string): void {
    if (this.#directories.size === 0) process.on("exit", this.#remove);
    this.#directories.add(directory);
  }

  delete(directory: string): void {
    this.#directories.delete(directory);
    if (this.#directories.size === 0) process.off("exit", this.#remove);
  }

  readonly #remove = (): void => {
    for (const directory of this.#directories) {
      killChildrenIn(directory);
      try {
        rmSync(directory, REMOVAL);
      } catch {
        // The process is ending, so nothing can be reported.
      }
    }
  };
}

/**
 * Kills the servers of this process that have the directory as their CODEX_HOME: they would end
 * only after this process, and would write to the directory until then. Without /proc, none is
 * found.
 */
function killChildrenIn(home: string): void {
  for (const pid of hasProcTable() ? procTable.children(process.pid) : []) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (environment.includes(`CODEX_HOME=${home}`)) process.kill(pid, "SIGKILL");
    } catch {
      // The process has exited, or belongs to another user.
    }
  }
}

const atExit = new ExitRemoval();
