import type { Codex as Client } from "../client/codex.ts";
import type { Thread as NativeThread } from "../client/thread.ts";
import { repeatWhile } from "../errors/retry.ts";
import { JsonRpcError } from "../errors/rpc-errors.ts";
import { knowsRoots } from "../session/ignored-members.ts";
import { orAborted } from "../util/abort.ts";
import { deferred } from "../util/deferred.ts";
import { execFailure } from "./failures.ts";
import { type Opening, openingOf } from "./opening.ts";
import type { ThreadSettings } from "./thread-settings.ts";

/**
 * How long a thread stays loaded after its last run. During this time, other processes can't resume
 * it.
 */
const IDLE_MS = 1000;

/** Whether the server refused to load a thread because it is still unloading it; loading is then retried. */
const isClosing = (error: unknown) =>
  error instanceof JsonRpcError && error.serverMessage.includes("is closing; retry");
const CLOSING = { maxAttempts: 100, initialDelayMs: 5, maxDelayMs: 50 };

interface Loaded {
  readonly thread: NativeThread;
  readonly sandbox: Opening["sandbox"];
  /** The settings that it was loaded with, for comparison. */
  readonly settings: string | undefined;
  /** Whether the program has a handle to the thread, which then stays loaded. */
  readonly isPinned: boolean;
}

/** A loaded thread for one run; no other run of this client uses it until `release` is called. */
export interface Lease {
  readonly thread: NativeThread;
  /** The sandbox for the turn. */
  readonly sandbox: Opening["sandbox"];
  release(): void;
}

/**
 * The threads that a server has loaded. Each run has exclusive use of its thread. A run with the same settings
 * reuses a loaded thread. For other settings, the thread is loaded again, because the server doesn't change the
 * settings of a loaded thread.
 */
export class LoadedThreads {
  readonly #client: Client;
  readonly #loaded = new Map<string, Loaded>();
  readonly #unloading = new Map<string, NodeJS.Timeout>();
  /** For each thread that is in use or has runs waiting for it: the end of the last run. */
  readonly #lastRuns = new Map<string, Promise<void>>();

  constructor(client: Client) {
    this.#client = client;
  }

  start(
    settings: ThreadSettings,
    threadSource: string,
    signal: AbortSignal | undefined,
  ): Promise<Lease> {
    return leased(this.#start(settings, threadSource, signal), signal);
  }

  resume(id: string, settings: ThreadSettings, signal: AbortSignal | undefined): Promise<Lease> {
    return leased(this.#resume(id, settings, signal), signal);
  }

  /** Keeps the thread loaded. */
  pin(id: string): void {
    const loaded = this.#loaded.get(id);
    if (loaded) this.#loaded.set(id, { ...loaded, isPinned: true });
  }

  /** Marks the loaded thread as possibly out of date: its next run loads it again. */
  forget(id: string): void {
    const loaded = this.#loaded.get(id);
    // The thread is still unloaded after an idle period: the server may have loaded it.
    if (loaded && !loaded.isPinned) this.#loaded.set(id, { ...loaded, settings: undefined });
    else this.#loaded.delete(id);
  }

  async #start(
    settings: ThreadSettings,
    threadSource: string,
    signal: AbortSignal | undefined,
  ): Promise<Lease> {
    const { params, sandbox } = await this.#opening(settings, signal);
    signal?.throwIfAborted();
    const thread = await this.#client.threadStart({ ...params, threadSource });
    const release = await this.#turnOf(thread.id, undefined);
    this.#remember(settings, thread, sandbox);
    return { thread, sandbox, release };
  }

  async #resume(
    id: string,
    settings: ThreadSettings,
    signal: AbortSignal | undefined,
  ): Promise<Lease> {
    const release = await this.#turnOf(id, signal);
    try {
      const { thread, sandbox } = await this.#load(id, settings, signal);
      return { thread, sandbox, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async #load(
    id: string,
    settings: ThreadSettings,
    signal: AbortSignal | undefined,
  ): Promise<Loaded> {
    clearTimeout(this.#unloading.get(id));
    this.#unloading.delete(id);
    const loaded = this.#loaded.get(id);
    if (loaded?.settings === JSON.stringify(settings)) return loaded;
    if (loaded?.isPinned) throw otherOptions(id);
    const { params, sandbox } = await this.#opening(settings, signal);
    if (loaded) await this.#unload(id, loaded.thread);
    const resume = () =>
      this.#client.threadResume(id, { ...this.#defaultRoots(settings), ...params });
    const thread = await repeatWhile(isClosing, resume, { ...CLOSING, signal });
    return this.#remember(settings, thread, sandbox);
  }

  /** The working directory as the only root: without roots, the server would restore those of the thread's earlier runs. */
  #defaultRoots({ cwd }: ThreadSettings): { readonly runtimeWorkspaceRoots?: string[] } {
    const { version } = this.#client.metadata.serverInfo;
    return knowsRoots(version) ? { runtimeWorkspaceRoots: [cwd] } : {};
  }

  async #opening(settings: ThreadSettings, signal: AbortSignal | undefined): Promise<Opening> {
    const { config } = await this.#client.config.read({ cwd: settings.cwd, signal });
    return openingOf(settings, config);
  }

  #remember(settings: ThreadSettings, thread: NativeThread, sandbox: Opening["sandbox"]): Loaded {
    const loaded = {
      thread,
      sandbox,
      settings: JSON.stringify(settings),
      isPinned: false,
    };
    this.#loaded.set(thread.id, loaded);
    return loaded;
  }

  #unloadSoon(id: string): void {
    clearTimeout(this.#unloading.get(id));
    const timer = setTimeout(() => {
      this.#unloading.delete(id);
      const loaded = this.#loaded.get(id);
      if (!loaded || loaded.isPinned || this.#lastRuns.has(id)) return;
      void this.#whileUsed(id, () => this.#unload(id, loaded.thread));
    }, IDLE_MS);
    this.#unloading.set(id, timer.unref());
  }

  /** Unsubscribes from the thread: the server unloads a thread without subscribers. */
  async #unload(id: string, thread: NativeThread): Promise<void> {
    this.#loaded.delete(id);
    await thread.unsubscribe().catch(() => {});
  }

  async #whileUsed(id: string, work: () => Promise<void>): Promise<void> {
    const end = await this.#turnOf(id, undefined);
    await work();
    end();
  }

  /** Waits until earlier runs of the thread have ended. Call the result when this one has. */
  async #turnOf(id: string, signal: AbortSignal | undefined): Promise<() => void> {
    const before = this.#lastRuns.get(id);
    const run = deferred<void>();
    const last = Promise.all([before, run.promise]).then(() => {
      if (this.#lastRuns.get(id) !== last) return;
      this.#lastRuns.delete(id);
      if (this.#loaded.has(id)) this.#unloadSoon(id);
    });
    this.#lastRuns.set(id, last);
    try {
      await orAborted(before ?? Promise.resolve(), signal);
      return run.resolve;
    } catch (error) {
      run.resolve();
      throw error;
    }
  }
}

/**
 * The error for options that differ from those of a thread with a native handle. Loading the thread
 * again would give that handle the new options too, such as a wider sandbox.
 */
function otherOptions(id: string): Error {
  return execFailure(
    `Thread ${id} stays loaded with the options that it had when native() was called, and this call has different ones: ` +
      "use the same options, or set them per turn on the native thread",
  );
}

/**
 * Resolves with the lease, or rejects with the signal's reason. Once the server has been asked to load a thread, its
 * answer is awaited even after an abort. The thread is then unloaded like any unused one.
 */
function leased(lease: Promise<Lease>, signal: AbortSignal | undefined): Promise<Lease> {
  return orAborted(lease, signal, ({ release }) => release());
}
