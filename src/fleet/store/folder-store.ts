import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CodexError } from "../../errors/errors.ts";
import { isErrno } from "../../util/is-errno.ts";
import { BlobThreadStore } from "./blob-thread-store.ts";
import { type Blobs, MAX_STATE_BYTES, tooLarge } from "./blobs.ts";
import type { ThreadStore } from "./thread-store.ts";

/**
 * Stores threads in a folder that all workers share: a network mount such as NFS, or a local folder if all
 * workers are on one machine. A file gets its name only when it is complete and on the disk.
 *
 * @example
 * const connection = "redis://127.0.0.1:6379";
 * const worker = await FleetWorker.start({ connection, store: folderStore("/mnt/threads"), codex });
 */
export function folderStore(path: string): ThreadStore {
  if (typeof path !== "string" || path === "") {
    throw new TypeError("folderStore: path must be a non-empty string");
  }
  return new BlobThreadStore(new FolderBlobs(path));
}

class FolderBlobs implements Blobs {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async list(folder: string): Promise<string[]> {
    try {
      const names = await readdir(this.#path(folder));
      return names.filter((name) => !name.startsWith("."));
    } catch (error) {
      if (isErrno(error, "ENOENT")) return [];
      throw error;
    }
  }

  async read(folder: string, name: string): Promise<Buffer | undefined> {
    try {
      return await readState(join(this.#path(folder), name));
    } catch (error) {
      if (isErrno(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  async write(folder: string, name: string, bytes: Buffer): Promise<void> {
    const directory = this.#path(folder);
    const partial = join(directory, `.${randomUUID()}`);
    const create = () => open(partial, "wx", 0o600);
    const file = await create().catch(async (error) => {
      if (!isErrno(error, "ENOENT")) throw error;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      return create();
    });
    try {
      await file.writeFile(bytes);
      await file.sync();
      await rename(partial, join(directory, name));
    } finally {
      // It is on the disk, so closing it can't fail in a way that matters.
      file.close().catch(() => {});
    }
  }

  async remove(folder: string, names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => rm(join(this.#path(folder), name), { force: true })));
  }

  /** The path of a thread's folder, in a subfolder: a million folders inside one folder would be slow on some file systems. */
  #path(folder: string): string {
    return join(this.#root, folder.slice(0, 2), folder);
  }
}

/** Doesn't wait for the writer of a named pipe. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** @throws CodexError if the path isn't that of a regular file, which could be endless, or if the file is too large. */
async function readState(path: string): Promise<Buffer> {
  const file = await open(path, READ);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new CodexError(`The stored state ${path} isn't a regular file`);
    if (stats.size > MAX_STATE_BYTES) throw tooLarge(`The stored state ${path}`);
    // Files without a size, such as those in /proc, can be endless too.
    return stats.size > 0 ? await file.readFile() : Buffer.alloc(0);
  } finally {
    file.close().catch(() => {});
  }
}
