import type { Codex } from "../../client/codex.ts";
import { sandboxPolicyOf } from "../../client/sandbox.ts";
import type { Thread } from "../../client/thread.ts";
import { repeatWhile } from "../../errors/retry.ts";
import { JsonRpcError } from "../../errors/rpc-errors.ts";
import type { Tool } from "../../input/tool.ts";
import type { DynamicToolFunctionSpec, SandboxMode } from "../../protocol/index.ts";
import { changedBy, keptSettings } from "../../thread/kept-settings.ts";
import { isRecord } from "../../util/describe.ts";
import type { TurnOrder } from "../wire.ts";
import type { Claim, TurnJob } from "./claim.ts";
import { fenced } from "./event-writer.ts";
import { LocalAgents } from "./local-agents.ts";
import { PackedHistories } from "./packed-histories.ts";
import {
  type ArchivedThread,
  type HistoryPlace,
  type OpenedArchive,
  pathInHome,
  type ThreadArchive,
} from "./thread-archive.ts";

/** The options that a thread was started with. Later turns, on any worker, load it with the same ones. */
export interface ThreadSettings {
  readonly options: Readonly<Record<string, unknown>>;
  readonly tools: readonly string[];
  readonly callerTools: readonly DynamicToolFunctionSpec[];
}

/** A thread that a server of this worker has loaded. */
export interface LocalThread {
  readonly codex: Codex;
  readonly thread: Thread;
  readonly path: string;
  readonly settings: ThreadSettings;
  readonly agents: LocalAgents;
  readonly packed: PackedHistories;
  /** The turn under which it was last saved, and whether that turn had ended. */
  readonly saved?: { readonly turn: string; readonly isSettled: boolean } | undefined;
  /** Reads the thread as it was before a turn that a lost worker began. */
  readonly settled?: OpenedArchive["settled"];
}

interface Kept extends LocalThread {
  /**
   * The claim under which it was last saved. It is up to date only if that was the thread's last
   * claim.
   */
  readonly epoch: string;
}

/** Whether the server refused to load a thread because it is still unloading it; loading is then retried. */
const isClosing = (error: unknown) =>
  error instanceof JsonRpcError && error.serverMessage.includes("is closing; retry");
const CLOSING = { maxAttempts: 100, initialDelayMs: 5, maxDelayMs: 50 };

/**
 * The threads that the servers of this worker have loaded. A thread whose last turn ran here is used as
 * it is. Any other is loaded from the store, and replaces the server's older copy.
 */
export class LocalThreads {
  readonly #archive: ThreadArchive;
  readonly #maxKept: number;
  readonly #toolsOf: (job: TurnJob, settings: ThreadSettings) => readonly Tool[];
  readonly #kept = new Map<string, Kept>();
  /** By the thread's key: the latest claim whose turn has the thread here. */
  readonly #claims = new Map<string, string>();
  /** Removals in progress, by the thread's key. */
  readonly #removals = new Map<string, Promise<void>>();

  constructor(
    archive: ThreadArchive,
    maxKept: number,
    toolsOf: (job: TurnJob, settings: ThreadSettings) => readonly Tool[],
  ) {
    this.#archive = archive;
    this.#maxKept = maxKept;
    this.#toolsOf = toolsOf;
  }

  get size(): number {
    return this.#kept.size;
  }

  /**
   * Loads the thread of a claimed turn, or starts a new one.
   * @throws FencedError if a later claim has loaded the thread here.
   */
  async load(
    codex: Codex,
    job: TurnJob,
    claim: Claim,
    order: TurnOrder,
    cwd: string | undefined,
  ): Promise<LocalThread> {
    this.#enter(job, claim);
    try {
      await this.#removals.get(job.key);
      return await this.#load(codex, job, claim, order, cwd);
    } catch (error) {
      this.#leave(job, claim);
      throw error;
    }
  }

  async #load(
    codex: Codex,
    job: TurnJob,
    claim: Claim,
    order: TurnOrder,
    cwd: string | undefined,
  ): Promise<LocalThread> {
    const kept = this.#kept.get(job.key);
    this.#kept.delete(job.key);
    // If the saved thread already contains this turn, Redis has lost the record of the turn's end. The store then
    // has the correct state.
    const isCurrent = kept?.epoch === claim.previousEpoch && kept.saved?.turn !== job.turn;
    if (kept && isCurrent) {
      if (kept.codex === codex) return kept;
      const { path, settings, saved, agents } = kept;
      const archived = { threadId: kept.thread.id, path, agents: agents.places };
      return { ...(await this.#resume(codex, job, archived, settings, cwd)), saved };
    }
    const { latest, settled } = await this.#archive.open(job.key, claim.epoch);
    if (kept) await this.#remove(job.key, kept);
    const local = latest
      ? await this.#resumeArchived(codex, job, latest, cwd)
      : await this.#start(codex, job, order, cwd);
    return { ...local, settled, saved: latest };
  }

  /** Returns the thread to its state before the turn, without what a lost worker added. */
  async reset(
    local: LocalThread,
    job: TurnJob,
    claim: Claim,
    order: TurnOrder,
    cwd: string | undefined,
  ): Promise<LocalThread> {
    const { codex, settled } = local;
    this.#enter(job, claim);
    await this.#remove(job.key, local);
    if (!settled) return this.#start(codex, job, order, cwd);
    return this.#resumeArchived(codex, job, await settled(), cwd);
  }

  /** Keeps the thread loaded after its turn has ended under this claim: the server has its newest state. */
  async keep(job: TurnJob, claim: Claim, local: LocalThread): Promise<void> {
    const { settled: _, ...kept } = local;
    const saved = { turn: job.turn, isSettled: true };
    kept.packed.rest();
    if (!this.#leave(job, claim)) return;
    this.#kept.set(job.key, { ...kept, saved, epoch: claim.epoch });
    if (this.#kept.size <= this.#maxKept) return;
    const [oldest] = this.#kept;
    if (oldest) await this.#drop(oldest[0], oldest[1]);
  }

  /**
   * Removes the thread from the server, because another worker may have a newer state of it. Does nothing
   * if a later claim has loaded the thread here: the server then has the state of that claim.
   */
  async discard(job: TurnJob, claim: Claim, local: LocalThread): Promise<void> {
    if (this.#leave(job, claim)) await this.#remove(job.key, local);
  }

  async save(
    job: TurnJob,
    claim: Claim,
    { codex, thread, path, settings, agents, packed }: LocalThread,
    isSettled: boolean,
  ): Promise<void> {
    const { turn } = job;
    const saved = { threadId: thread.id, path, options: settings, turn, isSettled };
    const histories = { agents: await agents.find(), packed };
    await this.#archive.save(job.key, claim.epoch, codex, saved, histories);
  }

  async #drop(key: string, kept: Kept): Promise<void> {
    this.#kept.delete(key);
    await this.#remove(key, kept).catch(() => {});
  }

  async #remove(key: string, { codex, thread, path, agents }: LocalThread): Promise<void> {
    const removing = (async () => {
      await this.#archive.remove(codex, { threadId: thread.id, path }, await agents.find());
    })();
    const over = removing.catch(() => {});
    this.#removals.set(key, over);
    await over;
    if (this.#removals.get(key) === over) this.#removals.delete(key);
    await removing;
  }

  #enter({ key, turn }: TurnJob, { epoch }: Claim): void {
    const later = this.#claims.get(key);
    if (later !== undefined && BigInt(later) > BigInt(epoch)) throw fenced(turn);
    this.#claims.set(key, epoch);
  }

  /** Returns whether no later claim has loaded the thread. */
  #leave({ key }: TurnJob, { epoch }: Claim): boolean {
    return this.#claims.get(key) === epoch && this.#claims.delete(key);
  }

  async #resumeArchived(
    codex: Codex,
    job: TurnJob,
    archived: ArchivedThread,
    cwd: string | undefined,
  ): Promise<LocalThread> {
    await this.#archive.remove(codex, archived, archived.agents);
    await this.#archive.place(codex, archived);
    // The server only finds sub-agents that it knew before it loaded their thread.
    for (const { threadId } of archived.agents) {
      await codex.request("thread/read", { threadId }).catch(() => {});
    }
    const settings = settingsIn(archived.options);
    return this.#resume(codex, job, archived, settings, cwd);
  }

  async #start(
    codex: Codex,
    job: TurnJob,
    order: TurnOrder,
    cwd: string | undefined,
  ): Promise<LocalThread> {
    const { tools, callerTools } = order;
    const settings = { options: order.threadOptions, tools, callerTools };
    const thread = await codex.threadStart({
      ...settings.options,
      ...(cwd === undefined ? {} : { cwd }),
      tools: this.#toolsOf(job, settings),
    });
    const { thread: record } = await thread.read();
    const agents = new LocalAgents(codex, thread);
    const packed = new PackedHistories();
    return { codex, thread, settings, agents, packed, path: pathInHome(codex, record.path) };
  }

  async #resume(
    codex: Codex,
    job: TurnJob,
    { threadId, path, agents }: HistoryPlace & { readonly agents: readonly HistoryPlace[] },
    settings: ThreadSettings,
    cwd: string | undefined,
  ): Promise<LocalThread> {
    const resume = () =>
      codex.threadResume(threadId, {
        ...keptSettings(settings.options),
        ...(cwd === undefined ? {} : { cwd }),
        tools: this.#toolsOf(job, settings),
      });
    const thread = await repeatWhile(isClosing, resume, CLOSING);
    const packed = new PackedHistories();
    return {
      codex,
      thread,
      path,
      settings,
      packed,
      agents: new LocalAgents(codex, thread, agents),
    };
  }
}

/** The thread with the settings that these turn options change: they stay in effect for later turns. */
export function withTurnSettings(
  local: LocalThread,
  turnOptions: Readonly<Record<string, unknown>>,
): LocalThread {
  const { sandbox, ...params } = turnOptions;
  const policy = sandbox == null ? {} : { sandboxPolicy: sandboxPolicyOf(sandbox as SandboxMode) };
  const options = changedBy(local.settings.options, { ...params, ...policy });
  return { ...local, settings: { ...local.settings, options } };
}

function settingsIn(value: unknown): ThreadSettings {
  if (isRecord(value)) return value as unknown as ThreadSettings;
  return { options: {}, tools: [], callerTools: [] };
}
