import { isRecord } from "../util/describe.ts";
import { numberOrNull } from "./foreign.ts";
import { type Schedule, soon } from "./schedule.ts";
import { ThreadModel } from "./thread-model.ts";
import type { ThreadView } from "./views.ts";

/** Levels of sub-agents: more than any server allows, and few enough to walk through. */
const MAX_DEPTH = 64;

export interface TimelineOptions {
  /**
   * Schedules the calls to subscribers, for example `requestAnimationFrame`. Default: at the end of
   * the event loop's iteration.
   */
  readonly schedule?: Schedule | undefined;
  /** Called with errors that a subscriber throws. Default: the error becomes an uncaught exception. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A notification from the server, as it was received. */
export interface TimelineNotification {
  readonly method: string;
  readonly params?: unknown;
  readonly emittedAtMs?: unknown;
}

/**
 * Converts a thread's notifications and its stored turns into a view that is ready to render. Both can
 * arrive in any order and more than once; other threads are ignored, except this one's sub-agents.
 * Does no I/O, and runs in browsers.
 *
 * @example
 * const timeline = new Timeline(thread.id);
 * const { thread: stored } = await thread.read({ includeTurns: true });
 * timeline.merge(stored.turns);
 * timeline.subscribe(() => console.log(timeline.snapshot));
 * for await (const notification of codex.notifications()) timeline.apply(notification);
 */
export class Timeline {
  readonly threadId: string;
  /** This thread and its sub-agents, by thread id. */
  readonly #threads = new Map<string, ThreadModel>();
  readonly #children = new Map<string, string[]>();
  /** How many ancestors each thread has. */
  readonly #depths = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly #schedule: Schedule;
  readonly #onError: (error: unknown) => void;
  #isScheduled = false;
  #snapshot: ThreadView | undefined;
  #lastThread: ThreadModel | undefined;
  #lastThreadId: string | undefined;

  constructor(threadId: string, options: TimelineOptions = {}) {
    this.threadId = threadId;
    const { schedule = soon, onError = throwLater } = options;
    // A browser's functions, such as `requestAnimationFrame`, can't be called as methods of other
    // objects.
    this.#schedule = (callback) => schedule(callback);
    this.#onError = (error) => onError(error);
    this.#threads.set(threadId, this.#model(threadId));
  }

  /**
   * The current view, computed when it is read. Parts that haven't changed since the last read are
   * the same objects; if nothing has changed, the view itself is the same object.
   */
  get snapshot(): ThreadView {
    this.#snapshot ??= this.#view(this.threadId);
    return this.#snapshot;
  }

  /**
   * Calls the listener after changes, at most once per iteration of the event loop. Returns a
   * function that unsubscribes.
   */
  subscribe(listener: () => void): () => void {
    if (typeof listener !== "function") {
      throw new TypeError(`subscribe: the listener must be a function, not ${typeof listener}`);
    }
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Applies a notification. The cost doesn't depend on the length of the thread. */
  apply(notification: TimelineNotification): void {
    const { method, params, emittedAtMs } = notification;
    if (!isRecord(params)) return;
    if (method === "thread/started") {
      this.#applyThread(params.thread);
      return;
    }
    const thread = this.#thread(params.threadId);
    if (!thread) return;
    if (method === "thread/reverted") thread.clear();
    else thread.apply(method, params, numberOrNull(emittedAtMs));
    this.#changed();
  }

  /**
   * Merges turns of the history (`thread/turns/list`, `thread/read`), of this thread or one of its
   * sub-agents. Only turns with `itemsView: "full"` have their complete history.
   */
  merge(
    turns: readonly unknown[],
    options: { readonly threadId?: string; readonly hasOlder?: boolean } = {},
  ): void {
    const thread = this.#threads.get(options.threadId ?? this.threadId);
    if (!thread) return;
    if (Array.isArray(turns)) thread.merge(turns);
    if (options.hasOlder !== undefined) thread.record.hasOlder = options.hasOlder;
    this.#changed();
  }

  /**
   * Applies the stored data of the thread or of one of its sub-agents (`thread/read`,
   * `thread/resume`). Returns true if the data shows that turns were removed from the history while
   * notifications were lost. In that case, earlier turns are removed here, and you must merge the newest ones.
   */
  setThread(record: unknown): boolean {
    return this.#applyThread(record);
  }

  /** Applies the thread's goal (`thread/goal/get`); null if it has none. */
  setGoal(goal: unknown): void {
    this.#threads.get(this.threadId)?.record.goal(goal);
    this.#changed();
  }

  /**
   * Call this when notifications of this thread, or of one of its sub-agents, may have been lost,
   * and then merge the newest turns. Running entries show no more streamed text until they end,
   * because it might have gaps.
   */
  missed(threadId: string = this.threadId): void {
    this.#threads.get(threadId)?.miss();
    this.#changed();
  }

  /** The ids of a thread's turns that have missing parts and that no merged history has replaced yet. */
  gaps(threadId: string = this.threadId): readonly string[] {
    return this.#threads.get(threadId)?.gaps ?? [];
  }

  /** The status of this thread or of one of its sub-agents. */
  statusOf(threadId: string): ThreadView["status"] {
    return this.#threads.get(threadId)?.record.facts.status ?? null;
  }

  /** The preview of this thread or of one of its sub-agents: its first message, as stored. */
  previewOf(threadId: string): string {
    return this.#threads.get(threadId)?.record.facts.preview ?? "";
  }

  /** The threads of the sub-agents, at all levels. */
  get agentThreadIds(): readonly string[] {
    return [...this.#threads.keys()].filter((id) => id !== this.threadId);
  }

  #thread(id: unknown): ThreadModel | undefined {
    if (this.#lastThreadId !== undefined && id === this.#lastThreadId) return this.#lastThread;
    const thread = typeof id === "string" ? this.#threads.get(id) : undefined;
    if (thread) {
      this.#lastThread = thread;
      this.#lastThreadId = id as string;
    }
    return thread;
  }

  #applyThread(record: unknown): boolean {
    if (!isRecord(record) || typeof record.id !== "string") return false;
    const { id, parentThreadId } = record;
    if (typeof parentThreadId === "string") this.#adopt(parentThreadId, id, null);
    const thread = this.#threads.get(id);
    if (!thread) return false;
    const isTruncated = thread.inform(record);
    if (Array.isArray(record.turns) && record.turns.length > 0) thread.merge(record.turns);
    this.#changed();
    return isTruncated;
  }

  #model(threadId: string): ThreadModel {
    return new ThreadModel(threadId, (childId, path) => this.#adopt(threadId, childId, path));
  }

  #adopt(parentId: string, childId: string, path: string | null): void {
    if (!this.#threads.has(parentId)) return;
    let child = this.#threads.get(childId);
    if (!child) {
      const depth = (this.#depths.get(parentId) ?? 0) + 1;
      if (depth > MAX_DEPTH) return;
      child = this.#model(childId);
      this.#threads.set(childId, child);
      this.#depths.set(childId, depth);
      const children = this.#children.get(parentId);
      if (children) children.push(childId);
      else this.#children.set(parentId, [childId]);
    }
    if (childId !== this.threadId) child.record.agent(path === null ? {} : { path });
  }

  #view(threadId: string): ThreadView {
    const children = (this.#children.get(threadId) ?? []).map((id) => this.#view(id));
    return (this.#threads.get(threadId) ?? this.#model(threadId)).view(children);
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (this.#isScheduled || this.#listeners.size === 0) return;
    this.#isScheduled = true;
    this.#schedule(() => this.#tell());
  }

  #tell(): void {
    this.#isScheduled = false;
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        const result: unknown = listener();
        if (result instanceof Promise) result.catch(this.#onError);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
