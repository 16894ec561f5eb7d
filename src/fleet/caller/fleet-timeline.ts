import type { Notification } from "../../rpc/messages.ts";
import type { Schedule } from "../../timeline/schedule.ts";
import { Timeline } from "../../timeline/timeline.ts";
import type { ThreadView } from "../../timeline/views.ts";
import { isRecord } from "../../util/describe.ts";
import type { Shown } from "./read-shown.ts";

export interface OpenFleetTimeline {
  readonly schedule?: Schedule | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A turn or thread in a form that is ready to render, kept up to date from its events. */
export class FleetTimeline implements Disposable {
  readonly #over = new AbortController();
  readonly #schedule: Schedule | undefined;
  readonly #listeners = new Set<() => void>();
  /** The timeline of the server's thread; its `threadId` is "" until an event names the thread. */
  #timeline: Timeline;
  /** Events of turns that ended before the thread's id was known. */
  #nameless: Notification[] = [];
  /**
   * For a turn: resolves when it has ended, or rejects as its stream does. For a thread: stays
   * pending until you close the timeline.
   */
  readonly ended: Promise<void>;

  private constructor(
    read: (signal: AbortSignal) => AsyncGenerator<Shown, undefined>,
    { schedule, signal }: OpenFleetTimeline,
    onFirst: () => void,
  ) {
    this.#schedule = schedule;
    this.#timeline = this.#begun("");
    const both = signal ? AbortSignal.any([signal, this.#over.signal]) : this.#over.signal;
    const follow = async () => {
      for await (const event of read(both)) {
        this.#apply(event);
        onFirst();
      }
    };
    this.ended = follow().catch((error) => {
      if (!this.#over.signal.aborted) throw error;
    });
    this.ended.catch(() => {});
  }

  /** Called by `FleetTurn.timeline`: resolves when the first event has arrived. */
  static async ofTurn(
    read: (signal: AbortSignal) => AsyncGenerator<Shown, undefined>,
    options: OpenFleetTimeline,
  ): Promise<FleetTimeline> {
    let onFirst: () => void = () => {};
    const first = new Promise<void>((resolve) => {
      onFirst = resolve;
    });
    const timeline = new FleetTimeline(read, options, onFirst);
    await Promise.race([first, timeline.ended]);
    return timeline;
  }

  /** Called by `FleetThread.timeline`. The timeline is empty until the thread's first turn starts. */
  static ofThread(
    read: (signal: AbortSignal) => AsyncGenerator<Shown, undefined>,
    options: OpenFleetTimeline,
  ): FleetTimeline {
    return new FleetTimeline(read, options, () => {});
  }

  /** The current view. Parts that haven't changed since the last snapshot are the same objects. */
  get snapshot(): ThreadView {
    return this.#timeline.snapshot;
  }

  /** Calls the listener after changes. Returns a function that removes it. */
  subscribe(listener: () => void): () => void {
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Ends the updates; the last snapshot remains available. Idempotent. */
  close(): void {
    this.#over.abort();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #apply(event: Shown): void {
    if (event === "restart") {
      this.#nameless = [];
      this.#timeline = this.#begun("");
      return;
    }
    const threadId = threadOf(event);
    if (this.#timeline.threadId === "" && threadId === "") this.#nameless.push(event);
    if (this.#timeline.threadId === "" && threadId !== "") {
      this.#timeline = this.#begun(threadId);
      for (const earlier of this.#nameless.splice(0)) this.#applyNameless(earlier);
    }
    if (threadId === "") this.#applyNameless(event);
    else this.#timeline.apply(event);
  }

  #applyNameless({ method, params }: Notification): void {
    const { threadId } = this.#timeline;
    this.#timeline.apply({ method, params: { ...(isRecord(params) && params), threadId } });
  }

  #begun(threadId: string): Timeline {
    const timeline = new Timeline(threadId, { schedule: this.#schedule });
    timeline.subscribe(() => {
      for (const listener of [...this.#listeners]) listener();
    });
    return timeline;
  }
}

function threadOf({ params }: Notification): string {
  return isRecord(params) && typeof params.threadId === "string" ? params.threadId : "";
}
