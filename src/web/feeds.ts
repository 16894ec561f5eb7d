import { type Codex, threadsOf } from "../client/codex.ts";
import type { Thread } from "../client/thread.ts";
import { startTimer, type Timer } from "../util/timer.ts";
import type { HandlerThreadOptions } from "./options.ts";
import { ThreadFeed } from "./thread-feed.ts";

export interface FeedsOptions {
  readonly logBytes: number;
  readonly lingerMs: number;
}

/** How many threads are kept that may not have run a turn yet. */
const MAX_STARTED = 1_000;

interface Entry {
  readonly feed: Promise<ThreadFeed>;
  readers: number;
  lingering: Timer | undefined;
}

/** The threads that the handler has to do with: one handle and one feed of each. */
export class Feeds {
  readonly #codex: Codex;
  readonly #options: FeedsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #started = new Map<string, Thread>();
  readonly #threads = new Map<string, Promise<Thread>>();

  constructor(codex: Codex, options: FeedsOptions) {
    this.#codex = codex;
    this.#options = options;
  }

  /** Keeps a thread that was started: before its first turn, it can't be loaded again. */
  keep(thread: Thread): void {
    this.#started.set(thread.id, thread);
    for (const oldest of this.#started.keys()) {
      if (this.#started.size <= MAX_STARTED) break;
      this.#started.delete(oldest);
    }
  }

  /** The thread, loaded with these settings if this client hasn't loaded it. */
  async thread(threadId: string, settings: () => Promise<HandlerThreadOptions>): Promise<Thread> {
    const known = threadsOf(this.#codex).known(threadId);
    if (known) return known;
    let loading = this.#threads.get(threadId);
    if (!loading) {
      loading = settings().then((options) =>
        this.#codex.threadResume(threadId, resumable(options)),
      );
      this.#threads.set(threadId, loading);
      const done = () => void this.#threads.delete(threadId);
      loading.then(done, done);
    }
    return loading;
  }

  /** Uses the thread's feed, which is opened by the first who does. Release it once. */
  async use(
    threadId: string,
    settings: () => Promise<HandlerThreadOptions>,
  ): Promise<{ readonly feed: ThreadFeed; readonly release: () => void }> {
    let entry = this.#entries.get(threadId);
    if (!entry) {
      entry = { feed: this.#open(threadId, settings), readers: 0, lingering: undefined };
      this.#entries.set(threadId, entry);
    }
    const used = entry;
    used.readers++;
    used.lingering?.cancel();
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.#release(threadId, used);
    };
    try {
      return { feed: await used.feed, release };
    } catch (error) {
      if (this.#entries.get(threadId) === used) this.#entries.delete(threadId);
      throw error;
    }
  }

  close(): void {
    for (const { feed, lingering } of this.#entries.values()) {
      lingering?.cancel();
      feed.then(
        (one) => one.close(),
        () => {},
      );
    }
    this.#entries.clear();
  }

  async #open(
    threadId: string,
    settings: () => Promise<HandlerThreadOptions>,
  ): Promise<ThreadFeed> {
    const thread = await this.thread(threadId, settings);
    return ThreadFeed.open(this.#codex, thread, this.#options.logBytes);
  }

  #release(threadId: string, entry: Entry): void {
    if (--entry.readers > 0 || this.#entries.get(threadId) !== entry) return;
    entry.lingering = startTimer(this.#options.lingerMs, () => {
      if (this.#entries.get(threadId) !== entry) return;
      this.#entries.delete(threadId);
      entry.feed.then(
        (feed) => feed.close(),
        () => {},
      );
    });
  }
}

/** The settings that loading a thread takes, too. */
function resumable(settings: HandlerThreadOptions) {
  const { approvalPolicy, baseInstructions, config, cwd, developerInstructions } = settings;
  const { model, modelProvider, permissions, personality, sandbox, tools } = settings;
  return {
    ...{ approvalPolicy, baseInstructions, config, cwd, developerInstructions },
    ...{ model, modelProvider, permissions, personality, sandbox, tools },
  };
}
