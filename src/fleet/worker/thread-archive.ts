import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Codex } from "../../client/codex.ts";
import { CodexError } from "../../errors/errors.ts";
import { repeatWhile } from "../../errors/retry.ts";
import { isErrno } from "../../util/is-errno.ts";
import { FencedError } from "../errors.ts";
import type { Codec } from "../redis/codec.ts";
import { MAX_STATE_BYTES, tooLarge } from "../store/blobs.ts";
import type { ThreadStore } from "../store/thread-store.ts";
import { FileReader } from "./file-reader.ts";
import { compress, type PackedHistories } from "./packed-histories.ts";
import { deleteWithoutStrangers } from "./strangers.ts";

const expand = promisify(gunzip);

/** Where a server keeps a thread's history. The name comes from another machine. */
const HISTORY_PATH = /^sessions\/\d{4}\/\d{2}\/\d{2}\/rollout-[\w-]+\.jsonl$/;

/** How failed calls to the store are retried: a brief network failure must not fail the last save of a turn. */
const TRIES = { maxAttempts: 5, initialDelayMs: 200, maxDelayMs: 2_000 };
const ONCE = { maxAttempts: 1 };

/** A thread on a server, and where its history is in the server's home. */
export interface HistoryPlace {
  readonly threadId: string;
  readonly path: string;
}

export interface ArchivedAgent extends HistoryPlace {
  readonly history: Buffer;
}

/** A thread and the options that its server was given, as they are stored. */
export interface ArchivedThread extends HistoryPlace {
  readonly options: unknown;
  /** The id (in the fleet) of the turn under which it was saved, and whether that turn had ended. */
  readonly turn: string;
  readonly isSettled: boolean;
  readonly history: Buffer;
  /** Its sub-agents, at all levels. */
  readonly agents: readonly ArchivedAgent[];
}

/** The header of a stored thread; the agents' histories follow, then the thread's own. */
interface Head extends Omit<ArchivedThread, "history" | "agents"> {
  readonly agents?: readonly (HistoryPlace & { readonly bytes: number })[];
}

interface PackedHistory {
  readonly place: HistoryPlace;
  readonly bytes: number;
  readonly members: readonly Buffer[];
}

/** The stored states of a thread. */
export interface OpenedArchive {
  readonly latest: ArchivedThread | undefined;
  /** Reads the thread's state after the last turn that ended; undefined if none has. */
  readonly settled: (() => Promise<ArchivedThread>) | undefined;
}

/** Moves threads between the homes of this machine's servers and the store. */
export class ThreadArchive {
  readonly #store: ThreadStore;
  readonly #codec: Codec;
  readonly #maxBytes: number;
  readonly #files = new FileReader();

  constructor(store: ThreadStore, codec: Codec, maxBytes: number = MAX_STATE_BYTES) {
    this.#store = store;
    this.#codec = codec;
    this.#maxBytes = maxBytes;
  }

  async open(key: string, epoch: string): Promise<OpenedArchive> {
    const open = () => this.#store.open(key, epoch);
    const { latest, settled } = await repeatWhile(mayRecover, open, TRIES);
    return {
      latest: latest && (await this.#decode(key, latest)),
      settled: settled && (() => this.#decode(key, settled)),
    };
  }

  async save(
    key: string,
    epoch: string,
    codex: Codex,
    thread: Omit<ArchivedThread, "history" | "agents">,
    { agents, packed }: { agents: readonly HistoryPlace[]; packed: PackedHistories },
  ): Promise<void> {
    const own = await this.#packed(codex, thread, packed);
    // The server writes the file when the first turn starts.
    if (!own) return;
    const below = await Promise.all(agents.map((agent) => this.#packed(codex, agent, packed)));
    const found = below.filter((one) => one !== undefined);
    const head: Head = {
      ...thread,
      agents: found.map(({ place, bytes }) => ({ ...place, bytes })),
    };
    // One gzip file can have several members.
    const members = [
      await compress(Buffer.from(`${JSON.stringify(head)}\n`)),
      ...[...found, own].flatMap((one) => one.members),
    ];
    const state = Buffer.concat(members);
    const sealed = this.#codec.encodeBytes(state, `thread ${key}`);
    const save = () => this.#store.save(key, epoch, sealed, thread.isSettled);
    // While the turn runs, it will be saved again anyway.
    await repeatWhile(mayRecover, save, thread.isSettled ? TRIES : ONCE);
  }

  /** Puts the histories where the server expects them. */
  async place(codex: Codex, thread: ArchivedThread): Promise<void> {
    for (const { path, history } of [...thread.agents, thread]) {
      const file = join(homeOf(codex), path);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, history, { mode: 0o600 });
    }
  }

  /** Makes the server forget a thread that it has loaded or stored, and its sub-agents. */
  async remove(codex: Codex, thread: HistoryPlace, agents: readonly HistoryPlace[]): Promise<void> {
    const family = [thread, ...agents];
    const ids = family.map(({ threadId }) => threadId);
    try {
      await deleteWithoutStrangers(codex, ids);
    } finally {
      for (const { path } of family) await rm(join(homeOf(codex), path), { force: true });
    }
  }

  /** A thread's history so far; undefined if the server hasn't written it. */
  async #packed(
    codex: Codex,
    place: HistoryPlace,
    packed: PackedHistories,
  ): Promise<PackedHistory | undefined> {
    const pack = async (written: Buffer) => {
      // The server may be writing the next line.
      const bytes = written.subarray(0, written.lastIndexOf("\n") + 1);
      return { place, bytes: bytes.length, members: await packed.pack(place.path, bytes) };
    };
    return this.#files.read(join(homeOf(codex), place.path), pack).catch(ifMissing);
  }

  async #expand(key: string, packed: Buffer): Promise<Buffer> {
    const maxOutputLength = this.#maxBytes;
    try {
      return await expand(packed, { maxOutputLength });
    } catch (error) {
      if (!isErrno(error, "ERR_BUFFER_TOO_LARGE")) throw error;
      throw tooLarge(`The uncompressed state of thread ${key}`, maxOutputLength);
    }
  }

  async #decode(key: string, state: Buffer): Promise<ArchivedThread> {
    const all = await this.#expand(key, this.#codec.decodeBytes(state, `thread ${key}`));
    const end = all.indexOf("\n");
    const { agents: places = [], ...thread } = JSON.parse(all.subarray(0, end).toString()) as Head;
    if ([thread, ...places].some(({ path }) => !HISTORY_PATH.test(path))) {
      throw new CodexError(`The stored state of thread ${key} has an invalid history path`);
    }
    let at = end + 1;
    const agents = places.map(({ bytes, ...place }) => {
      const history = all.subarray(at, at + bytes);
      at += bytes;
      return { ...place, history };
    });
    return { ...thread, agents, history: all.subarray(at) };
  }
}

/** A history's path in its home. */
export function pathInHome(codex: Codex, path: string | null | undefined): string {
  const inside = relative(homeOf(codex), path ?? "")
    .split(sep)
    .join("/");
  if (isAbsolute(inside) || !HISTORY_PATH.test(inside)) {
    throw new CodexError(`The server stores its threads where a fleet can't copy them: ${path}`);
  }
  return inside;
}

export function homeOf(codex: Codex): string {
  const { codexHome } = codex.metadata;
  if (codexHome !== undefined) return codexHome;
  throw new CodexError(
    "The server doesn't report its CODEX_HOME; a fleet needs Codex 0.169 or newer",
  );
}

function mayRecover(error: unknown): boolean {
  return !(error instanceof FencedError);
}

function ifMissing(error: unknown): undefined {
  if (isErrno(error, "ENOENT")) return undefined;
  throw error;
}
