import { createHash } from "node:crypto";
import { FencedError } from "../errors.ts";
import type { Blobs } from "./blobs.ts";
import type { OpenedThread, ThreadStore } from "./thread-store.ts";

/** A saved state of a thread; its name contains these values. */
interface Version {
  readonly name: string;
  readonly epoch: number;
  readonly save: number;
  readonly isSettled: boolean;
}

const MAX_REMEMBERED = 10_000;
const MAX_READS = 20;
/** A thread before its first turn. */
const EMPTY = Buffer.alloc(0);

/**
 * Stores threads as blobs that are never overwritten: each save has its own name, `<epoch>-<save>`, and the
 * highest one is valid. `open` saves the valid state again, under its own epoch and the lowest save numbers.
 * So a worker that was presumed dead can still write, but only under names that are no longer valid. No
 * locks or conditional writes are needed.
 */
export class BlobThreadStore implements ThreadStore {
  readonly #blobs: Blobs;
  /** The last save of each thread in this process. */
  readonly #last = new Map<string, Version>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  async open(thread: string, epoch: string): Promise<OpenedThread> {
    const folder = folderOf(thread);
    // A listed blob can be removed before it is read, by a newer save, which the next list contains.
    for (let tries = 1; ; tries++) {
      const opened = await this.#open(folder, thread, Number(epoch));
      if (opened) return opened;
      if (tries === MAX_READS) throw new Error(`The store lost thread ${thread}`);
    }
  }

  async #open(folder: string, thread: string, epoch: number): Promise<OpenedThread | undefined> {
    const versions = await this.#versions(folder);
    const latest = versions.at(-1);
    const settled = versions.findLast(({ isSettled }) => isSettled);
    if (latest && latest.epoch > epoch) throw overtaken(thread, epoch);
    const base = settled ? await this.#blobs.read(folder, settled.name) : EMPTY;
    const state = latest === settled ? base : await this.#blobs.read(folder, latest?.name ?? "");
    if (!base || !state) return undefined;
    const copies = [versionOf(epoch, 0, true), versionOf(epoch, 1, false)] as const;
    if (latest?.epoch !== epoch) {
      // In this order, a worker that is lost between the writes leaves both states behind.
      if (latest !== settled) await this.#blobs.write(folder, copies[1].name, state);
      await this.#blobs.write(folder, copies[0].name, base);
      await this.#blobs.remove(folder, namesOf(versions));
    }
    this.#remember(thread, latest?.epoch === epoch ? latest : copies[1]);
    return {
      latest: state.length > 0 ? state : undefined,
      settled: base.length > 0 ? base : undefined,
    };
  }

  async save(thread: string, epoch: string, state: Buffer, isSettled: boolean): Promise<void> {
    const folder = folderOf(thread);
    const current = Number(epoch);
    const last = this.#last.get(thread);
    // Only this process saves under this epoch, so it needn't look for earlier saves.
    const isKnown = last && last.epoch <= current;
    const before = isKnown ? [last] : await this.#versions(folder);
    if (before.some((one) => one.epoch > current)) throw overtaken(thread, current);
    const own = before.findLast((one) => one.epoch === current);
    const next = versionOf(current, (own?.save ?? 1) + 1, isSettled);
    this.#remember(thread, next);
    await this.#blobs.write(folder, next.name, state);
    // The thread is safe. What can't be removed now is removed after a later turn.
    this.#removeReplaced(folder, next, before).catch(() => {});
  }

  async #removeReplaced(folder: string, by: Version, before: readonly Version[]): Promise<void> {
    const replaced = by.isSettled
      ? (await this.#versions(folder)).filter(({ name }) => name < by.name)
      : // The last settled state is kept, in case the turn is run again.
        before.filter((one) => !one.isSettled);
    await this.#blobs.remove(folder, namesOf(replaced));
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

  /** Remembers the last save of a thread. If it is forgotten, the thread's next save lists the blobs again. */
  #remember(thread: string, version: Version): void {
    this.#last.delete(thread);
    this.#last.set(thread, version);
    if (this.#last.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#last.keys();
    if (oldest !== undefined) this.#last.delete(oldest);
  }
}

function versionOf(epoch: number, save: number, isSettled: boolean): Version {
  const place = `${String(epoch).padStart(16, "0")}-${String(save).padStart(8, "0")}`;
  return { name: isSettled ? `${place}-settled` : place, epoch, save, isSettled };
}

function parseVersion(name: string): Version | undefined {
  const match = /^(\d{16})-(\d{8})(-settled)?$/.exec(name);
  if (!match) return undefined;
  const [, epoch, save, settled] = match;
  return { name, epoch: Number(epoch), save: Number(save), isSettled: settled !== undefined };
}

function namesOf(versions: readonly Version[]): string[] {
  return versions.map(({ name }) => name);
}

function overtaken(thread: string, epoch: number): FencedError {
  return new FencedError(`Thread ${thread} has been opened by another worker since epoch ${epoch}`);
}

/**
 * A safe name for the thread's folder: users choose the names of threads, and not every name is valid for files and objects.
 */
function folderOf(thread: string): string {
  return createHash("sha256").update(thread).digest("hex").slice(0, 40);
}
