import { CodexError } from "../errors/errors.ts";
import { parentNamedBy } from "../thread/kinship.ts";
import { originOf } from "../thread/learn-whose.ts";
import type { ThreadRegistry } from "../thread/thread-registry.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { isRecord } from "../util/describe.ts";

/** The maximum depth of sub-agents, which is more than any server allows. */
const MAX_DEPTH = 16;
/** How long to wait before asking the server again, and how many times to ask who owns a thread. */
const RETRY_MS = 500;
const MAX_TRIES = 40;

/** The thread that a request names, and its owner if the thread isn't known here. */
interface Found {
  readonly thread: ThreadState | undefined;
  readonly owner: "this client" | "nobody" | "unclear";
}

/** Finds the threads that server requests are about, and their parents. */
export class ThreadFinder {
  readonly #threads: ThreadRegistry;
  readonly #isShared: boolean;

  /** `isShared`: whether the server can have other clients. */
  constructor(threads: ThreadRegistry, isShared: boolean) {
    this.#threads = threads;
    this.#isShared = isShared;
  }

  /**
   * Finds the thread with this id. An unknown thread may be a sub-agent of a known one, whose tools it has.
   * Otherwise it belongs to another client.
   */
  async find(threadId: unknown, known: ThreadState | undefined): Promise<Found> {
    if (known || typeof threadId !== "string") return { thread: known, owner: "this client" };
    try {
      return { thread: await this.#threadOf(threadId), owner: "nobody" };
    } catch {
      // The server didn't report the thread's parent.
      return { thread: this.#threads.known(threadId), owner: "unclear" };
    }
  }

  /** Looks the thread up repeatedly. The promise never settles if the thread isn't found. */
  async findLater(threadId: string, signal: AbortSignal): Promise<ThreadState> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      await this.#threads.server.pause(RETRY_MS, signal);
      const { thread, owner } = await this.find(threadId, undefined);
      if (thread) return thread;
      if (owner === "nobody") break;
    }
    return new Promise(() => {});
  }

  async #threadOf(threadId: string, depth = 0): Promise<ThreadState | undefined> {
    const threads = this.#threads;
    const known = threads.known(threadId);
    if (known || depth >= MAX_DEPTH) return known;
    const read = await threads.server.request("thread/read", { threadId });
    if (!isRecord(read) || !isRecord(read.thread)) {
      throw new CodexError("The server's response to thread/read has no thread id");
    }
    const parentId = parentNamedBy(read.thread);
    const parent = parentId === undefined ? undefined : await this.#threadOf(parentId, depth + 1);
    // If this client has a turn on the parent, the sub-agent can belong to that turn, or to another client's earlier
    // turn. Only the turn that started the sub-agent shows which.
    const isUnclear = this.#isShared && parent?.family.hasOurs === true;
    const origin = isUnclear ? await originOf(threadId, parent) : undefined;
    if (parent) threads.adopt(threadId, parent, origin);
    return threads.known(threadId);
  }

  /**
   * The id of the thread's parent. If the parent is only presumed, the thread's record shows the real one: without
   * it, the thread may belong to someone else, and an agent has only sent it a message.
   */
  async parentIdOf(
    thread: ThreadState | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (!thread?.family.isPresumed) return thread?.family.parent?.id;
    const threads = this.#threads;
    const { id: threadId, family } = thread;
    try {
      const read = await threads.server.request("thread/read", { threadId }, { signal });
      const named = parentNamedBy(isRecord(read) ? read.thread : undefined);
      const parent = named === undefined ? undefined : await this.#threadOf(named);
      if (parent) threads.adopt(threadId, parent);
    } catch {
      // The server doesn't report the parent.
    }
    return family.isPresumed ? undefined : family.parent?.id;
  }
}
