import type { CodexClient, ThreadSummary } from "../../src/browser/index.ts";

const PAGE = 100;
/** How long the user may pause typing before the server searches, in milliseconds. */
const PAUSE_MS = 200;

/** The stored threads of the server, as far as they were listed, newest first. */
export class ThreadDirectory {
  readonly #client: CodexClient;
  readonly #onChange: () => void;
  #threads: readonly ThreadSummary[] = [];
  #cursor: string | null = null;
  #search = "";
  #loading: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  problem: string | undefined;

  constructor(client: CodexClient, onChange: () => void) {
    this.#client = client;
    this.#onChange = onChange;
    void this.#load(null);
  }

  get threads(): readonly ThreadSummary[] {
    return this.#threads;
  }

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** Lists the threads that contain a text instead. */
  search(text: string): void {
    if (text === this.#search) return;
    this.#search = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(null), PAUSE_MS);
  }

  /** Lists the next page too. */
  more(): void {
    if (this.#cursor !== null && !this.#loading) void this.#load(this.#cursor);
  }

  /** Lists again what has changed, as far as the first page shows it. */
  refresh(): void {
    if (!this.#loading && this.#threads.length <= PAGE) void this.#load(null);
  }

  async #load(cursor: string | null): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const search = this.#search.trim();
    try {
      const page = await this.#client.threadList({
        ...{ limit: PAGE, signal: loading.signal },
        ...(cursor !== null && { cursor }),
        ...(search !== "" && { search }),
      });
      this.#threads = cursor === null ? page.threads : [...this.#threads, ...page.threads];
      this.#cursor = page.cursor;
      this.problem = undefined;
    } catch (error) {
      if (loading.signal.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.#loading = undefined;
    this.#onChange();
  }
}
