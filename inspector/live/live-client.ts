import type { LiveRequests } from "../../src/bridge/messages.ts";
import { type ClientRequests, type ClientTimeline, CodexClient } from "../../src/browser/index.ts";
import { Store } from "../data/store.ts";
import { ThreadDirectory } from "./thread-directory.ts";

/** How long a timeline that is no longer shown is kept up to date, in milliseconds. */
const LINGER_MS = 10_000;

/** What the page can do with the threads of a live server. */
export class LiveClient extends Store {
  readonly client = new CodexClient({ url: "./api" });
  readonly threads: ThreadDirectory = new ThreadDirectory(this.client, () => this.changed());
  readonly #requests: ClientRequests = this.client.requests();
  readonly #timelines = new Map<string, ClientTimeline>();
  #shown: string | undefined;

  constructor() {
    super();
    this.#requests.subscribe(() => this.changed());
  }

  /** What is asked of the user in all threads. */
  get requests(): LiveRequests["requests"] {
    return this.#requests.pending;
  }

  /** The timeline of the thread that is shown. */
  show(threadId: string): ClientTimeline {
    const left = this.#shown;
    if (left !== undefined && left !== threadId) {
      setTimeout(() => this.#leave(left), LINGER_MS);
    }
    this.#shown = threadId;
    const known = this.#timelines.get(threadId);
    if (known && known.status !== "closed") return known;
    const timeline = this.client.thread(threadId).timeline();
    timeline.subscribe(() => this.changed());
    this.#timelines.set(threadId, timeline);
    return timeline;
  }

  #leave(threadId: string): void {
    if (threadId === this.#shown) return;
    this.#timelines.get(threadId)?.close();
    this.#timelines.delete(threadId);
  }
}
