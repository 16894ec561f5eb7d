import type { Codex } from "../client/codex.ts";
import { startTicking, type Timer } from "../util/timer.ts";
import { LoadedThreads, type Settings } from "./loaded-threads.ts";
import { ThreadFeed } from "./thread-feed.ts";

export interface FeedsOptions {
  readonly logBytes: number;
  readonly lingerMs: number;
  readonly lastingAnswers: boolean;
}

interface Entry {
  readonly feed: Promise<ThreadFeed>;
  readers: number;
  /** When the last reader left. */
  leftAt: number;
}

/** How many feeds without readers are kept. */
const MAX_LINGERING = 100;
/** The shortest time between two checks for such feeds, in milliseconds. */
const SHORTEST_TICK_MS = 50;

/** One feed for each thread that is being read, or was recently. */
export class Feeds {
  readonly threads: LoadedThreads;
  readonly #codex: Codex;
  readonly #options: FeedsOptions;
  /** In the order in which they were last used. */
  readonly #entries = new Map<string, Entry>();
  #ticking: Timer | undefined;

  constructor(codex: Codex, options: FeedsOptions) {
    this.#codex = codex;
    this.#options = options;
    this.threads = new LoadedThreads(codex, options.lingerMs, (threadId) =>
      this.#entries.has(threadId),
    );
  }

  /** Returns the thread's feed, and opens it if needed. Release it when it is no longer read. */
  async use(
    threadId: string,
    settings: Settings,
  ): Promise<{ readonly feed: ThreadFeed; readonly release: () => void }> {
    const entry = this.#entries.get(threadId) ?? {
      feed: this.#open(threadId, settings),
      readers: 0,
      leftAt: 0,
    };
    this.#entries.delete(threadId);
    this.#entries.set(threadId, entry);
    entry.readers++;
    this.#ticking ??= startTicking(Math.max(this.#options.lingerMs, SHORTEST_TICK_MS), () =>
      this.#dropUnread(),
    );
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.#release(threadId, entry);
    };
    try {
      return { feed: await entry.feed, release };
    } catch (error) {
      this.#drop(threadId, entry);
      throw error;
    }
  }

  close(): void {
    this.#ticking?.cancel();
    for (const [threadId, entry] of this.#entries) this.#drop(threadId, entry);
    this.threads.close();
  }

  async #open(threadId: string, settings: Settings): Promise<ThreadFeed> {
    const thread = await this.threads.get(threadId, settings);
    return ThreadFeed.open(this.#codex, thread, this.#options);
  }

  #release(threadId: string, entry: Entry): void {
    if (--entry.readers > 0 || this.#entries.get(threadId) !== entry) return;
    entry.leftAt = Date.now();
    const lingering = [...this.#entries].filter(([, { readers }]) => readers === 0);
    for (const [id, oldest] of lingering.slice(0, -MAX_LINGERING)) this.#drop(id, oldest);
  }

  #dropUnread(): void {
    const before = Date.now() - this.#options.lingerMs;
    for (const [threadId, entry] of this.#entries) {
      if (entry.readers === 0 && entry.leftAt <= before) this.#drop(threadId, entry);
    }
  }

  #drop(threadId: string, entry: Entry): void {
    if (this.#entries.get(threadId) === entry) this.#entries.delete(threadId);
    entry.feed.then(
      (feed) => feed.close(),
      () => {},
    );
  }
}
