import { RequestTimeoutError } from "../errors/errors.ts";
import { InternalRpcError } from "../errors/rpc-errors.ts";
import type { ThreadTurnsListResponse } from "../protocol/index.ts";
import { isBeforeFirstTurn, isEphemeral, isRefusal } from "../thread/history.ts";
import type { RequestOptions, ThreadServer } from "../thread/thread-server.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { orAborted } from "../util/abort.ts";
import { deadline } from "../util/deadline.ts";
import { isRecord } from "../util/describe.ts";

/** How long the server can take to store what it reports; a lag of several seconds was observed. */
const WRITE_LAG_MS = 15_000;
const FIRST_DELAY_MS = 20;
const LONGEST_DELAY_MS = 500;

/** Loads the stored turns of one thread into a timeline, newest first. */
export class TimelineHistory {
  readonly #threadId: string;
  readonly #timeline: Timeline;
  readonly #server: ThreadServer;
  readonly #pageSize: number;
  /**
   * The cursor of the next older page; null if there is none, undefined if none has been read yet.
   */
  #cursor: string | null | undefined;
  readonly #cursors = new Set<string>();
  /** The ids of the turns that were read. */
  readonly #read = new Set<string>();
  #loading: Loading | undefined;
  #filling: Promise<void> | undefined;
  /** The number of times that the history was truncated: earlier requests are then out of date. */
  #cuts = 0;

  constructor(threadId: string, timeline: Timeline, server: ThreadServer, pageSize: number) {
    this.#threadId = threadId;
    this.#timeline = timeline;
    this.#server = server;
    this.#pageSize = pageSize;
  }

  /** Where the next older page begins; null if there is none, or none has been read yet. */
  get older(): string | null {
    return this.#cursor ?? null;
  }

  /**
   * Reads one more page; returns false if there was none. Concurrent calls share one page, and each
   * has its own limits: the request is cancelled when its last caller stops waiting.
   */
  async loadOlder({ signal, timeoutMs }: RequestOptions): Promise<boolean> {
    const late = (ms: number) => new RequestTimeoutError("thread/turns/list", ms);
    using limit = deadline(signal, timeoutMs, late);
    limit.signal?.throwIfAborted();
    const load = this.#loading ?? this.#startLoading();
    load.waiting++;
    try {
      return await orAborted(load.hasMore, limit.signal);
    } finally {
      load.waiting--;
      if (load.waiting === 0) load.stop();
    }
  }

  #startLoading(): Loading {
    const controller = new AbortController();
    const hasMore = this.#loadOlder({ signal: controller.signal });
    hasMore.catch(() => {});
    const load: Loading = {
      waiting: 0,
      hasMore,
      stop: () => {
        controller.abort();
        if (this.#loading === load) this.#loading = undefined;
      },
    };
    this.#loading = load;
    return load;
  }

  async #loadOlder(options: RequestOptions): Promise<boolean> {
    if (this.#cursor === null) return false;
    const cuts = this.#cuts;
    const page = await this.#page(this.#cursor ?? null, options);
    if (cuts !== this.#cuts) return this.#loadOlder(options);
    if (page === undefined) return false;
    this.#cursor = this.#next(page.next);
    this.#timeline.merge([], { threadId: this.#threadId, hasOlder: this.#cursor !== null });
    return page.turnIds.length > 0;
  }

  /**
   * Reads the stored thread and its goal. If turns were removed from the history unseen, also reads
   * the newest turns again.
   */
  async describe(options: RequestOptions): Promise<void> {
    const params = { threadId: this.#threadId };
    let isTruncated = false;
    const onThread = (result: unknown) => {
      isTruncated = this.#timeline.setThread(isRecord(result) ? result.thread : undefined);
      if (isTruncated) this.cut();
    };
    await this.#server.request("thread/read", params, { ...options, onResult: onThread });
    if (isTruncated) await this.catchUp(options);
    const isRoot = this.#threadId === this.#timeline.threadId;
    if (!isRoot) return;
    const onResult = (result: unknown) =>
      this.#timeline.setGoal(isRecord(result) ? result.goal : undefined);
    // Older servers and ephemeral threads have no goals.
    await this.#server.request("thread/goal/get", params, { ...options, onResult }).catch(refused);
  }

  /**
   * Reads everything since the last read: as many pages as it takes to reach a turn that was
   * already read.
   */
  async catchUp(options: RequestOptions): Promise<void> {
    const known = new Set(this.#read);
    let cursor: string | null = null;
    const seen = new Set<string>();
    do {
      const page = await this.#page(cursor, options);
      if (page === undefined) return;
      cursor = page.next;
      if (this.#cursor === undefined) {
        this.#cursor = this.#next(cursor);
        this.#timeline.merge([], { threadId: this.#threadId, hasOlder: this.#cursor !== null });
      }
      if (known.size === 0 || page.turnIds.some((id) => known.has(id))) return;
      if (cursor !== null && seen.has(cursor)) return;
      if (cursor !== null) seen.add(cursor);
    } while (cursor !== null);
  }

  /**
   * Reads until the history contains what was lost, or until the server has had enough time to
   * store it.
   */
  fillGaps(options: RequestOptions): Promise<void> {
    this.#filling ??= this.#fillGaps(options).finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  async #fillGaps(options: RequestOptions): Promise<void> {
    let waited = 0;
    for (let ms = FIRST_DELAY_MS; ; ms = Math.min(2 * ms, LONGEST_DELAY_MS)) {
      if (this.#timeline.gaps(this.#threadId).length === 0 || waited > WRITE_LAG_MS) return;
      await this.catchUp(options);
      if (this.#timeline.gaps(this.#threadId).length === 0) return;
      await this.#server.pause(ms, options.signal);
      waited += ms;
    }
  }

  /** Notes that the history was truncated: turns that were read before may no longer exist. */
  cut(): void {
    this.#cuts++;
    this.#cursor = undefined;
    this.#cursors.clear();
    this.#read.clear();
  }

  /** Reads a page of turns; undefined if the server can't list turns in pages, or not for this thread. */
  async #page(cursor: string | null, options: RequestOptions): Promise<Page | undefined> {
    const cuts = this.#cuts;
    let page: Page | undefined;
    const params = {
      ...{ threadId: this.#threadId, cursor, limit: this.#pageSize },
      ...{ sortDirection: "desc", itemsView: "full" },
    };
    const onResult = (result: unknown) => {
      if (cuts === this.#cuts) page = this.#take(result);
    };
    try {
      await this.#server.request("thread/turns/list", params, { ...options, onResult });
    } catch (error) {
      if (isEphemeral(error) || isBeforeFirstTurn(error)) return undefined;
      if (!isRefusal(error) || error instanceof InternalRpcError) throw error;
      return this.#wholeThread(options);
    }
    return page;
  }

  /** Reads all turns with the thread, from a server that doesn't list turns in pages. */
  async #wholeThread(options: RequestOptions): Promise<Page | undefined> {
    let page: Page | undefined;
    const onResult = (result: unknown) => {
      const thread = isRecord(result) && isRecord(result.thread) ? result.thread : {};
      page = this.#take({ data: thread.turns, nextCursor: null });
    };
    const params = { threadId: this.#threadId, includeTurns: true };
    await this.#server.request("thread/read", params, { ...options, onResult }).catch(refused);
    return page;
  }

  #take(result: unknown): Page {
    const { data, nextCursor } = (
      isRecord(result) ? result : {}
    ) as Partial<ThreadTurnsListResponse>;
    const turns: readonly unknown[] = Array.isArray(data) ? data : [];
    this.#timeline.merge(turns, { threadId: this.#threadId });
    const turnIds = turns.flatMap((turn) =>
      isRecord(turn) && typeof turn.id === "string" ? turn.id : [],
    );
    for (const id of turnIds) this.#read.add(id);
    return { turnIds, next: typeof nextCursor === "string" ? nextCursor : null };
  }

  /** The cursor, or null if it was already used: it would list the same turns forever. */
  #next(cursor: string | null): string | null {
    if (cursor === null || this.#cursors.has(cursor)) return null;
    this.#cursors.add(cursor);
    return cursor;
  }
}

/** A page that is being read, and the number of callers that wait for it. */
interface Loading {
  readonly hasMore: Promise<boolean>;
  readonly stop: () => void;
  waiting: number;
}

interface Page {
  readonly turnIds: readonly string[];
  readonly next: string | null;
}

/** Ignores a refusal by the server, but not a missing answer. */
function refused(error: unknown): void {
  if (!isRefusal(error)) throw error;
}
