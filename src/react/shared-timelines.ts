import type {
  ClientRequests,
  ClientTimeline,
  CodexClient,
  HandlerError,
  PendingRequestData,
  StreamStatus,
} from "../browser/index.ts";
import type { ThreadView } from "../timeline/views.ts";

/** What is known about a thread at one moment. */
export interface ThreadSnapshot {
  /** The thread in a form that is ready to render; undefined until the handler has sent it. */
  readonly view: ThreadView | undefined;
  /** The pending requests of the thread and its sub-agents, oldest first. */
  readonly requests: readonly PendingRequestData[];
  readonly status: StreamStatus;
  /** Why the status is "closed", or why the last attempt to connect failed. */
  readonly error: HandlerError | undefined;
}

/** The state before anything was received. */
export const NOTHING: ThreadSnapshot = {
  ...{ view: undefined, requests: [], status: "connecting", error: undefined },
};

/** How long an unused timeline is kept: React may unmount and immediately mount again, for example in strict mode. */
const LINGER_MS = 1_000;

interface Source {
  readonly subscribe: (listener: () => void) => () => void;
  readonly close: () => void;
  users: number;
  last: ThreadSnapshot;
  timeline: ClientTimeline | undefined;
}

/** One event stream for each thread, no matter how many components show it. */
export class SharedTimelines {
  readonly client: CodexClient;
  /** By the thread's id; undefined stands for the requests of all threads. */
  readonly #sources = new Map<string | undefined, Source>();

  constructor(client: CodexClient) {
    this.client = client;
  }

  /** What is known about the thread; the same object until something has changed. */
  snapshot(threadId: string | undefined): ThreadSnapshot {
    return this.#sources.get(threadId)?.last ?? NOTHING;
  }

  timeline(threadId: string): ClientTimeline | undefined {
    return this.#sources.get(threadId)?.timeline;
  }

  /** Keeps the thread up to date until the returned function is called. */
  subscribe(threadId: string | undefined, listener: () => void): () => void {
    let source = this.#sources.get(threadId);
    if (!source) {
      source = this.#open(threadId);
      this.#sources.set(threadId, source);
    }
    const used = source;
    used.users++;
    const stop = used.subscribe(() => listener());
    return () => {
      stop();
      used.users--;
      setTimeout(() => this.#closeUnused(threadId, used), LINGER_MS);
    };
  }

  #open(threadId: string | undefined): Source {
    const stream: ClientTimeline | ClientRequests =
      threadId === undefined ? this.client.requests() : this.client.thread(threadId).timeline();
    const isThread = "snapshot" in stream;
    const read = (): ThreadSnapshot => ({
      view: isThread ? stream.snapshot : undefined,
      requests: isThread ? stream.requests : stream.pending,
      status: stream.status,
      error: stream.error,
    });
    const source: Source = {
      subscribe: (listener) => stream.subscribe(listener),
      close: () => stream.close(),
      users: 0,
      last: read(),
      timeline: isThread ? stream : undefined,
    };
    // Must be the first listener, so that the components' listeners find the new snapshot.
    stream.subscribe(() => {
      source.last = read();
    });
    return source;
  }

  #closeUnused(threadId: string | undefined, source: Source): void {
    if (source.users > 0 || this.#sources.get(threadId) !== source) return;
    this.#sources.delete(threadId);
    source.close();
  }
}
