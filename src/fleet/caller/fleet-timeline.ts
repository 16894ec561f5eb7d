import type { Notification } from "../../rpc/messages.ts";
import type { Timeline } from "../../timeline/timeline.ts";
import type { ThreadView } from "../../timeline/views.ts";
import { isRecord } from "../../util/describe.ts";

/** A turn in a form that is ready to draw, kept up to date from its events. */
export class FleetTimeline implements Disposable {
  readonly #timeline: Timeline;
  readonly #over: AbortController;
  /** Resolves when the turn has ended, or rejects as its stream does. */
  readonly ended: Promise<void>;

  private constructor(timeline: Timeline, over: AbortController, ended: Promise<void>) {
    this.#timeline = timeline;
    this.#over = over;
    this.ended = ended;
  }

  /** Called by `FleetTurn.timeline`: resolves with the first event, which names the thread. */
  static async open(
    stream: (signal: AbortSignal) => AsyncGenerator<Notification, undefined>,
    {
      create,
      signal,
    }: {
      readonly create: (threadId: string) => Timeline;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<FleetTimeline> {
    const over = new AbortController();
    const both = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
    const events = stream(both);
    const first = await events.next();
    const timeline = create(first.done ? "" : threadOf(first.value));
    if (!first.done) timeline.apply(first.value);
    const follow = async () => {
      for await (const event of events) timeline.apply(event);
    };
    const ended = follow().catch((error) => {
      if (!over.signal.aborted) throw error;
    });
    ended.catch(() => {});
    return new FleetTimeline(timeline, over, ended);
  }

  /** The turn as of now. Parts that haven't changed since the last snapshot are the same objects. */
  get snapshot(): ThreadView {
    return this.#timeline.snapshot;
  }

  /** Calls the listener after changes. Returns a function that removes it. */
  subscribe(listener: () => void): () => void {
    return this.#timeline.subscribe(listener);
  }

  /** Ends the updates; the last snapshot stays. Idempotent. */
  close(): void {
    this.#over.abort();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function threadOf({ params }: Notification): string {
  return isRecord(params) && typeof params.threadId === "string" ? params.threadId : "";
}
