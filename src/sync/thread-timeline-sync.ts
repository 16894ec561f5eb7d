import type { ThreadTimeline } from "../client/thread-timeline.ts";
import type { ThreadView } from "../timeline/views.ts";
import type { Blocking, Mirrors, Result } from "./blocking.ts";
import type { RemoteObject } from "./remote-object.ts";

/**
 * A `ThreadTimeline` that you can read at any time. It has no `subscribe`, because a blocked thread receives
 * no events.
 */
export class ThreadTimelineSync implements Blocking<ThreadTimeline, Mirrors, "subscribe"> {
  readonly threadId: string;
  readonly #remote: RemoteObject;
  #last: ThreadView | undefined;
  #isClosed = false;

  /** Created by `ThreadSync.timeline`. */
  constructor(threadId: string, remote: RemoteObject) {
    this.threadId = threadId;
    this.#remote = remote;
  }

  /** The current view: a copy that shares nothing with earlier ones. */
  get snapshot(): ThreadView {
    if (!this.#isClosed || !this.#last) this.#last = this.#remote.get("snapshot") as ThreadView;
    return this.#last;
  }

  /**
   * Reads one more page of older turns; returns false if there are none. See
   * `ThreadTimeline.loadOlder`.
   */
  loadOlder(...args: Parameters<ThreadTimeline["loadOlder"]>): Result<ThreadTimeline["loadOlder"]> {
    return this.#remote.call(this.loadOlder, "loadOlder", args) as boolean;
  }

  /** Stops the updates; the last snapshot remains available. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    void this.snapshot;
    this.#isClosed = true;
    this.#remote.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
