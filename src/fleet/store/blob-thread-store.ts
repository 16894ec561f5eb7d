import { createHash } from "node:crypto";
import { FencedError } from "../errors.ts";
import type { Blobs } from "./blobs.ts";
import type { StoredThread, ThreadStore } from "./thread-store.ts";

/** One saved state of a thread, as its name says. */
interface Version {
  readonly name: string;
  readonly epoch: number;
  readonly save: number;
}

/**
 * Threads as blobs that are never overwritten: each save has a name of its own, `<epoch>-<save>`, and the
 * highest counts. `open` copies the highest to the first name of its epoch. So a worker that was
 * believed dead can still write, but only under names that no longer count; no locks or conditional
 * writes are needed.
 */
export class BlobThreadStore implements ThreadStore {
  readonly #blobs: Blobs;
  /** The last save of each thread in this process. */
  readonly #last = new Map<string, Version>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  async open(thread: string, epoch: string): Promise<StoredThread | undefined> {
    const folder = folderOf(thread);
    // What is read can be removed meanwhile by its owner's next save, which the next list shows.
    for (let tries = 0; ; tries++) {
      const versions = await this.#versions(folder);
      const last = versions.at(-1);
      if (last && last.epoch > Number(epoch)) throw overtaken(thread, epoch);
      const bytes = last && (await this.#blobs.read(folder, last.name));
      if (last && !bytes && tries < MAX_READS) continue;
      if (last && !bytes) throw new Error(`The store lost ${last.name} of the thread ${thread}`);
      const first = versionOf(Number(epoch), 0);
      if (last?.name !== first.name) {
        await this.#blobs.write(folder, first.name, bytes ?? EMPTY);
        await this.#blobs.remove(folder, namesBefore(versions, first));
      }
      this.#remember(thread, first);
      return bytes && bytes.length > 0 ? decode(bytes) : undefined;
    }
  }

  async save(thread: string, epoch: string, stored: StoredThread): Promise<void> {
    const folder = folderOf(thread);
    const current = Number(epoch);
    let before = this.#last.get(thread);
    if (before?.epoch !== current) {
      const versions = await this.#versions(folder);
      if (versions.some((one) => one.epoch > current)) throw overtaken(thread, epoch);
      before = versions.findLast((one) => one.epoch === current);
    }
    const next = versionOf(current, (before?.save ?? 0) + 1);
    this.#remember(thread, next);
    await this.#blobs.write(folder, next.name, encode(stored));
    if (before) await this.#blobs.remove(folder, [before.name]);
    else await this.#blobs.remove(folder, namesBefore(await this.#versions(folder), next));
  }

  async delete(thread: string): Promise<void> {
    const folder = folderOf(thread);
    this.#last.delete(thread);
    await this.#blobs.remove(folder, await this.#blobs.list(folder));
  }

  /** Oldest first. */
  async #versions(folder: string): Promise<Version[]> {
    const names = await this.#blobs.list(folder);
    return names
      .flatMap((name) => parseVersion(name) ?? [])
      .sort((a, b) => a.epoch - b.epoch || a.save - b.save);
  }

  /** What is forgotten is listed again. */
  #remember(thread: string, version: Version): void {
    this.#last.delete(thread);
    this.#last.set(thread, version);
    if (this.#last.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#last.keys();
    if (oldest !== undefined) this.#last.delete(oldest);
  }
}

const MAX_REMEMBERED = 10_000;
const MAX_READS = 20;
/** A thread that nothing was saved of when it was opened. */
const EMPTY = Buffer.alloc(0);

function versionOf(epoch: number, save: number): Version {
  const name = `${String(epoch).padStart(16, "0")}-${String(save).padStart(8, "0")}`;
  return { name, epoch, save };
}

function parseVersion(name: string): Version | undefined {
  const match = /^(\d{16})-(\d{8})$/.exec(name);
  return match ? { name, epoch: Number(match[1]), save: Number(match[2]) } : undefined;
}

function namesBefore(versions: readonly Version[], limit: Version): string[] {
  return versions.filter(({ name }) => name < limit.name).map(({ name }) => name);
}

function overtaken(thread: string, epoch: string): FencedError {
  return new FencedError(`The thread ${thread} has been opened by another worker since epoch ${epoch}`);
}

/** Names of threads are the users' own; those of files and objects must be safe anywhere. */
function folderOf(thread: string): string {
  return createHash("sha256").update(thread).digest("hex").slice(0, 40);
}

function encode({ history, ...rest }: StoredThread): Buffer {
  const head = Buffer.from(`${JSON.stringify(rest)}\n`);
  return Buffer.concat([head, history]);
}

function decode(bytes: Buffer): StoredThread {
  const end = bytes.indexOf("\n");
  return { ...JSON.parse(bytes.subarray(0, end).toString()), history: bytes.subarray(end + 1) };
}
