import { CodexWarning } from "../errors/warning.ts";
import type { Notification } from "../rpc/messages.ts";
import type { Session } from "../session/session.ts";
import { isNoAnswer } from "../thread/history.ts";
import type { ThreadObserver } from "../thread/observers.ts";
import { receivedOf } from "../thread/received.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { Schedule } from "../timeline/schedule.ts";
import { Timeline } from "../timeline/timeline.ts";
import type { ThreadView } from "../timeline/views.ts";
import { isRecord, messageOf } from "../util/describe.ts";
import { checkCall } from "./check-calls.ts";
import { TimelineHistory } from "./timeline-history.ts";

export interface ThreadTimelineOptions extends RequestOptions {
  /** How many turns of the history to read at first, and with each `loadOlder()`. Default 20. */
  readonly pageSize?: number | undefined;
  /**
   * Schedules the calls to subscribers, for example `requestAnimationFrame`. Default: at the end of
   * the event loop's iteration.
   */
  readonly schedule?: Schedule | undefined;
}

export interface LoadOlderOptions extends RequestOptions {
  /**
   * The thread whose turns to load, which can be a sub-agent's. Default: the thread itself.
   */
  readonly threadId?: string | undefined;
}

/** Where the turns before the first one of a timeline begin in `thread/turns/list`; null if there are none. */
export let olderOf: (timeline: ThreadTimeline) => string | null;

const DEFAULT_PAGE_SIZE = 20;
const BACKGROUND_TRIES = 8;
const FIRST_DELAY_MS = 50;

/**
 * A thread in a form that is ready to render, kept up to date: its newest turns from the history, and
 * every turn since, no matter who started it, including sub-agents' turns. After a lost
 * connection it reads what it missed. Close it when it is no longer shown.
 *
 * @example
 * using timeline = await thread.timeline();
 * timeline.subscribe(() => console.log(timeline.snapshot.turns.at(-1)));
 */
export class ThreadTimeline implements Disposable {
  readonly threadId: string;
  readonly #state: ThreadState;
  readonly #timeline: Timeline;
  readonly #pageSize: number;
  readonly #histories = new Map<string, TimelineHistory>();
  readonly #over = new AbortController();
  readonly #observing: Disposable;

  static {
    olderOf = (timeline) => timeline.#historyOf(timeline.threadId).older;
  }

  private constructor(
    session: Session,
    state: ThreadState,
    { pageSize = DEFAULT_PAGE_SIZE, schedule }: ThreadTimelineOptions,
  ) {
    this.threadId = state.id;
    this.#state = state;
    this.#pageSize = pageSize;
    const onError = (cause: unknown) => {
      const message = `A listener of a thread's timeline threw: ${messageOf(cause)}`;
      session.warn(new CodexWarning("LISTENER_FAILED", message, { cause }));
    };
    this.#timeline = new Timeline(state.id, { schedule, onError });
    state.handles.retain();
    this.#observing = state.observers.add(this.#observer());
    this.#showReceived(state);
  }

  /** Called by `Thread.timeline`. */
  static async open(
    session: Session,
    state: ThreadState,
    options: ThreadTimelineOptions,
  ): Promise<ThreadTimeline> {
    const { signal, timeoutMs } = options;
    await session.connect(signal);
    const timeline = new ThreadTimeline(session, state, options);
    try {
      const history = timeline.#historyOf(state.id);
      const limits = { signal, timeoutMs };
      await Promise.all([history.describe(limits), history.catchUp(limits)]);
      timeline.#followAgents(session);
      timeline.#showAgents(state);
      return timeline;
    } catch (error) {
      timeline.close();
      throw error;
    }
  }

  /** The current view. Parts that haven't changed since the last snapshot are the same objects. */
  get snapshot(): ThreadView {
    return this.#timeline.snapshot;
  }

  /**
   * Calls the listener after changes, at most once per iteration of the event loop. Returns a
   * function that unsubscribes. If the listener throws, you get a warning.
   */
  subscribe(listener: () => void): () => void {
    return this.#timeline.subscribe(listener);
  }

  /**
   * Reads one more page of older turns: `thread/turns/list`. Resolves with false if there are none.
   * @throws RequestTimeoutError, TransportClosedError if the server doesn't answer.
   */
  async loadOlder(options: LoadOlderOptions = {}): Promise<boolean> {
    checkCall("loadOlder", "loadOlder", options);
    const { threadId = this.threadId, ...limits } = options;
    return this.#historyOf(threadId).loadOlder(limits);
  }

  /** Stops the updates; the last snapshot remains available. Idempotent. */
  close(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#observing[Symbol.dispose]();
    this.#state.handles.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Applies what arrived before the timeline was opened, because the history has only completed items. */
  #showReceived(state: ThreadState): void {
    for (const one of receivedOf(state)) this.#timeline.apply(one);
    for (const agent of state.family.children) this.#showReceived(agent);
  }

  /** Subscribes to sub-agents that started before this client connected. */
  #followAgents(session: Session): void {
    const connection = session.connection();
    if (!connection) return;
    const known = new Set(this.#timeline.agentThreadIds);
    for (const { id, state, entries } of this.snapshot.turns) {
      if (state !== "running") continue;
      for (const entry of entries) {
        const named = entry.kind === "subAgent" ? entry.threadIds : [];
        const agents = named.filter((agent) => known.has(agent));
        for (const agent of agents) session.threads.adoptMissed(agent, this.#state, id, connection);
      }
    }
  }

  /** Reads the turns of sub-agents that began before the timeline was opened. */
  #showAgents({ family }: ThreadState): void {
    for (const agent of family.children) {
      this.#showAgents(agent);
      if (agent.turns.size === 0) continue;
      this.#inBackground(agent.id, (history) => this.#refresh(agent.id, history));
    }
  }

  #observer(): ThreadObserver {
    return {
      notified: (notification) => this.#apply(notification),
      missed: (threadId) => this.#timeline.missed(threadId),
      refused: (threadId) => this.#timeline.missed(threadId),
      subscribed: (threadId) =>
        this.#inBackground(threadId, (history) => this.#refresh(threadId, history)),
    };
  }

  #apply(notification: Notification): void {
    this.#timeline.apply(notification);
    const { method, params } = notification;
    const { threadId, item } = params as { readonly threadId: string; readonly item?: unknown };
    switch (method) {
      case "thread/reverted":
        this.#historyOf(threadId).cut();
        this.#inBackground(threadId, (history) => history.catchUp(this.#limits));
        return;
      case "turn/completed":
      case "thread/status/changed":
        this.#fillGaps(threadId);
        return;
      case "item/started":
        this.#describeAgents();
        return;
      case "item/completed":
        if (isRecord(item) && item.type === "userMessage") this.#preview(threadId);
    }
  }

  /** Reads the preview of a thread that has none: its first message becomes the preview, without a notification. */
  #preview(threadId: string): void {
    if (this.#timeline.previewOf(threadId) !== "") return;
    this.#inBackground(threadId, (history) => history.describe(this.#limits));
  }

  /** Reads the missed parts of turns, unless a turn is still running: they are complete only when it has ended. */
  #fillGaps(threadId: string): void {
    if (this.#timeline.gaps(threadId).length === 0 || this.#isAtWork(threadId)) return;
    this.#inBackground(threadId, (history) => history.fillGaps(this.#limits));
  }

  #isAtWork(threadId: string): boolean {
    return this.#timeline.statusOf(threadId) === "active";
  }

  async #refresh(threadId: string, history: TimelineHistory): Promise<void> {
    await history.describe(this.#limits);
    await history.catchUp(this.#limits);
    this.#fillGaps(threadId);
  }

  /** Reads the names of new sub-agents, because turns don't contain them. */
  #describeAgents(): void {
    for (const threadId of this.#timeline.agentThreadIds) {
      if (this.#histories.has(threadId)) continue;
      this.#inBackground(threadId, (history) => history.describe(this.#limits));
    }
  }

  /**
   * Runs `work` in the background. If the server can't or doesn't answer, tries again a few times.
   * If the connection was lost, the next one delivers what is missing.
   */
  #inBackground(threadId: string, work: (history: TimelineHistory) => Promise<void>): void {
    const { signal } = this.#over;
    const { server } = this.#state;
    const history = this.#historyOf(threadId);
    const attempt = async () => {
      for (let tries = 1; !signal.aborted; tries++) {
        try {
          return await work(history);
        } catch (error) {
          if (!isNoAnswer(error) || tries === BACKGROUND_TRIES) throw error;
        }
        await server.pause(FIRST_DELAY_MS * 2 ** tries, signal);
      }
    };
    attempt().catch(() => {});
  }

  get #limits(): RequestOptions {
    return { signal: this.#over.signal };
  }

  #historyOf(threadId: string): TimelineHistory {
    let history = this.#histories.get(threadId);
    if (!history) {
      const { server } = this.#state;
      history = new TimelineHistory(threadId, this.#timeline, server, this.#pageSize);
      this.#histories.set(threadId, history);
    }
    return history;
  }
}
