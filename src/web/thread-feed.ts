import type { LiveThread } from "../bridge/messages.ts";
import type { Codex } from "../client/codex.ts";
import type { Thread } from "../client/thread.ts";
import { olderOf, type ThreadTimeline } from "../client/thread-timeline.ts";
import type { PendingRequestData } from "../requests/pending-request-data.ts";
import type { ThreadView } from "../timeline/views.ts";
import { EventLog } from "./event-log.ts";
import { pageRequest } from "./page-requests.ts";
import { Throttle } from "./throttle.ts";

/** Text arrives in many small parts, and more frequent updates wouldn't be visible. */
const PUBLISH_MS = 20;

export interface ThreadFeedOptions {
  readonly logBytes: number;
  readonly lastingAnswers: boolean;
}

/** A thread's timeline and requests as events. Close it when it has no more readers. */
export class ThreadFeed {
  readonly thread: Thread;
  readonly log: EventLog<LiveThread>;
  readonly #codex: Codex;
  readonly #timeline: ThreadTimeline;
  readonly #lastingAnswers: boolean;
  readonly #stops: (() => void)[] = [];
  #requests: readonly PendingRequestData[] = [];

  private constructor(
    codex: Codex,
    thread: Thread,
    timeline: ThreadTimeline,
    { logBytes, lastingAnswers }: ThreadFeedOptions,
  ) {
    this.thread = thread;
    this.#codex = codex;
    this.#timeline = timeline;
    this.#lastingAnswers = lastingAnswers;
    this.log = new EventLog(this.#state(), logBytes);
    const throttle = new Throttle(PUBLISH_MS, () => this.#publish());
    const ask = () => throttle.ask();
    this.#stops.push(timeline.subscribe(ask));
    for (const listening of [codex.requests.on("added", ask), codex.requests.on("settled", ask)]) {
      this.#stops.push(() => listening[Symbol.dispose]());
    }
  }

  static async open(codex: Codex, thread: Thread, options: ThreadFeedOptions): Promise<ThreadFeed> {
    const timeline = await thread.timeline();
    return new ThreadFeed(codex, thread, timeline, options);
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#timeline.close();
    this.log.close();
  }

  #publish(): void {
    if (!this.log.isClosed) this.log.publish(this.#state());
  }

  #state(): LiveThread {
    const view = this.#timeline.snapshot;
    const threadIds = new Set(threadIdsOf(view));
    const requests = this.#codex.requests.pending
      .filter(({ threadId, parentThreadId }) =>
        [threadId, parentThreadId].some((id) => id !== undefined && threadIds.has(id)),
      )
      .map((request) => pageRequest(request, this.#lastingAnswers));
    // Returns the same list object while it contains the same requests.
    const isSame =
      requests.length === this.#requests.length &&
      requests.every((request, index) => request === this.#requests[index]);
    if (!isSame) this.#requests = requests;
    return { view, requests: this.#requests, older: olderOf(this.#timeline) };
  }
}

/** The ids of a thread and its sub-agents, at all levels. */
export function threadIdsOf(view: ThreadView): readonly string[] {
  return [view.threadId, ...view.agents.flatMap(threadIdsOf)];
}
