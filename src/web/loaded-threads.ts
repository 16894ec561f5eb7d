import { type Codex, threadsOf } from "../client/codex.ts";
import type { Thread } from "../client/thread.ts";
import { repeatWhile } from "../errors/retry.ts";
import { JsonRpcError } from "../errors/rpc-errors.ts";
import { keptSettings } from "../thread/kept-settings.ts";
import { startTicking, type Timer } from "../util/timer.ts";
import type { HandlerThreadOptions } from "./options.ts";

/** Returns the settings to load a thread with. */
export type Settings = () => Promise<HandlerThreadOptions>;

interface Loaded {
  readonly thread: Thread;
  /** Whether the handler has loaded the thread, rather than the rest of the program. */
  readonly isOurs: boolean;
  /** Whether the thread may not have run a turn yet. The server couldn't load such a thread again. */
  isNew: boolean;
  lastUse: number;
}

/** How many threads without a turn are kept. */
const MAX_NEW = 1_000;

/** The shortest time between two checks for unused threads, in milliseconds. */
const SHORTEST_TICK_MS = 100;

/** Whether the server refused to load a thread because it is still unloading it; loading is then retried. */
const isClosing = (error: unknown) =>
  error instanceof JsonRpcError && error.serverMessage.includes("is closing; retry");
const CLOSING = { maxAttempts: 100, initialDelayMs: 5, maxDelayMs: 50 };

/**
 * The threads that the handler uses, each with one handle. Threads that the handler has loaded are
 * unloaded when unused.
 */
export class LoadedThreads {
  readonly #codex: Codex;
  readonly #idleMs: number;
  readonly #isUsed: (threadId: string) => boolean;
  readonly #loaded = new Map<string, Loaded>();
  /** The operations in progress on each thread. */
  readonly #working = new Map<string, Promise<unknown>>();
  #ticking: Timer | undefined;

  /** `isUsed`: whether the thread is being read, even if no operation is in progress. */
  constructor(codex: Codex, idleMs: number, isUsed: (threadId: string) => boolean) {
    this.#codex = codex;
    this.#idleMs = idleMs;
    this.#isUsed = isUsed;
  }

  /** Starts a thread. */
  async start(settings: Settings): Promise<Thread> {
    const thread = await this.#codex.threadStart({ ...(await settings()) });
    this.#keep({ thread, isOurs: true, isNew: true, lastUse: Date.now() });
    this.#dropNew();
    return thread;
  }

  /** The thread; loads it if the client hasn't. */
  async get(threadId: string, settings: Settings): Promise<Thread> {
    for (;;) {
      const loaded = this.#loaded.get(threadId);
      if (loaded && threadsOf(this.#codex).isOpen(threadId)) {
        loaded.lastUse = Date.now();
        return loaded.thread;
      }
      const working = this.#working.get(threadId);
      if (working) await working.catch(() => {});
      // Concurrent callers wait for this attempt, and make their own if it fails.
      else await this.#work(threadId, this.#load(threadId, settings));
    }
  }

  /** Notes that the thread has run a turn, so it can be loaded again. */
  hasRun(threadId: string): void {
    const loaded = this.#loaded.get(threadId);
    if (loaded) loaded.isNew = false;
  }

  close(): void {
    this.#ticking?.cancel();
    this.#loaded.clear();
  }

  async #load(threadId: string, settings: Settings): Promise<void> {
    const known = threadsOf(this.#codex).known(threadId);
    const lastUse = Date.now();
    if (known) return this.#keep({ thread: known, isOurs: false, isNew: false, lastUse });
    const options = await settings();
    const { tools } = options;
    const resume = () =>
      this.#codex.threadResume(threadId, { ...keptSettings(options), ...(tools && { tools }) });
    const thread = await repeatWhile(isClosing, resume, CLOSING);
    this.#keep({ thread, isOurs: true, isNew: false, lastUse });
  }

  #keep(loaded: Loaded): void {
    this.#loaded.set(loaded.thread.id, loaded);
    this.#ticking ??= startTicking(Math.max(this.#idleMs, SHORTEST_TICK_MS), () =>
      this.#dropUnused(),
    );
  }

  #dropNew(): void {
    const fresh = [...this.#loaded.values()].filter(({ isNew }) => isNew);
    for (const loaded of fresh.slice(0, -MAX_NEW)) loaded.isNew = false;
  }

  #dropUnused(): void {
    const before = Date.now() - this.#idleMs;
    for (const [threadId, { thread, isOurs, isNew, lastUse }] of this.#loaded) {
      if (isNew || lastUse > before || this.#isUsed(threadId) || this.#working.has(threadId))
        continue;
      if (isOurs) this.#work(threadId, this.#unload(thread)).catch(() => {});
      else this.#loaded.delete(threadId);
    }
  }

  async #unload(thread: Thread): Promise<void> {
    if (await threadsOf(this.#codex).unload(thread)) this.#loaded.delete(thread.id);
  }

  async #work(threadId: string, work: Promise<void>): Promise<void> {
    this.#working.set(threadId, work);
    try {
      await work;
    } finally {
      this.#working.delete(threadId);
    }
  }
}
