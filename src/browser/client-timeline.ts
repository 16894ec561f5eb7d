import type { LiveThread, TurnPage } from "../bridge/messages.ts";
import type { PendingRequestData } from "../requests/pending-request-data.ts";
import type { ThreadView } from "../timeline/views.ts";
import type { CallOptions, Connection } from "./connection.ts";
import type { HandlerError } from "./handler-error.ts";
import { Listeners } from "./listeners.ts";
import { LiveState, type StreamStatus } from "./live-state.ts";
import { OlderTurns } from "./older-turns.ts";

const NO_REQUESTS: readonly PendingRequestData[] = [];

/**
 * A thread in a form that is ready to render, kept up to date by the handler. The snapshot is the
 * same as in `thread.timeline()` in the handler's program. A lost connection is re-established, and
 * missed changes are delivered. Close it when it is no longer shown.
 *
 * @example
 * const client = new CodexClient({ url: "/api/codex" });
 * const timeline = client.thread("01a216ca-45fc-75f0-982f-02814905fbbf").timeline();
 * timeline.subscribe(() => console.log(timeline.snapshot, timeline.requests));
 */
export class ClientTimeline {
  readonly threadId: string;
  readonly #connection: Connection;
  readonly #live: LiveState<LiveThread>;
  readonly #listeners = new Listeners();
  readonly #older = new OlderTurns();
  /** The cursor of the first page before the view. If it changes, the loaded pages no longer adjoin the view. */
  #base: string | null | undefined;
  #snapshot: ThreadView | undefined;
  #seen: LiveThread | undefined;
  readonly #loading = new Map<string, Promise<boolean>>();

  /** Created by `ClientThread.timeline`. */
  constructor(connection: Connection, threadId: string) {
    this.threadId = threadId;
    this.#connection = connection;
    this.#live = new LiveState(connection, { kind: "threadEvents", threadId }, () => {
      this.#update();
      this.#listeners.tell();
    });
  }

  /** The current view of the thread; undefined until the handler has sent it. Unchanged parts stay the same objects. */
  get snapshot(): ThreadView | undefined {
    return this.#snapshot;
  }

  /** The pending requests of the thread and its sub-agents, oldest first. */
  get requests(): readonly PendingRequestData[] {
    return this.#live.state?.requests ?? NO_REQUESTS;
  }

  /** Whether events arrive: "connecting", "open" or "closed". */
  get status(): StreamStatus {
    return this.#live.status;
  }

  /** Why the status is "closed", or why the last attempt to connect failed. */
  get error(): HandlerError | undefined {
    return this.#live.error;
  }

  /** Calls the listener after each change to the snapshot, the requests or the status. Returns a function that removes it. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Loads one more page of older turns. Resolves with false if there are none.
   * @throws HandlerError if the handler refuses, or doesn't answer.
   */
  loadOlder(
    options: CallOptions & {
      /** The id of a sub-agent's thread, to load its turns. Default: the thread itself. */
      readonly threadId?: string | undefined;
    } = {},
  ): Promise<boolean> {
    const { threadId = this.threadId, signal } = options;
    const known = this.#loading.get(threadId);
    if (known) return known;
    const loading = this.#load(threadId, signal).finally(() => this.#loading.delete(threadId));
    this.#loading.set(threadId, loading);
    return loading;
  }

  /** Ends the updates; the last snapshot remains available. Idempotent. */
  close(): void {
    this.#live.close();
  }

  async #load(threadId: string, signal: AbortSignal | undefined): Promise<boolean> {
    const isAgent = threadId !== this.threadId;
    const base = this.#base;
    const loaded = this.#older.cursorOf(threadId);
    const cursor = loaded === undefined && !isAgent ? base : loaded;
    if (cursor === null || (cursor === undefined && !isAgent)) return false;
    const page = await this.#connection.get<TurnPage>(
      { kind: "turns", threadId: this.threadId },
      { cursor, agent: isAgent ? threadId : undefined },
      { signal },
    );
    // The history was truncated in the meantime, so the page may not belong to it.
    if (base !== this.#base) return this.#load(threadId, signal);
    this.#older.add(threadId, page);
    this.#seen = undefined;
    this.#update();
    this.#listeners.tell();
    return page.turns.length > 0;
  }

  #update(): void {
    const { state } = this.#live;
    if (state === undefined || state === this.#seen) return;
    this.#seen = state;
    if (state.older !== this.#base) this.#older.clear();
    this.#base = state.older;
    this.#snapshot = this.#older.joined(state.view);
  }
}
