import {
  type ClientTimeline,
  CodexClient,
  type PendingRequestData,
} from "../../src/browser/index.ts";
import type { ThreadView } from "../../src/timeline/index.ts";
import type { Recording } from "../data/recording.ts";
import { get } from "../data/server.ts";
import { Store } from "../data/store.ts";
import { ThreadDirectory } from "./thread-directory.ts";

/** What the page can do with the threads of a live server. */
export class LiveClient extends Store {
  readonly client = new CodexClient({ url: "./api" });
  readonly threads: ThreadDirectory = new ThreadDirectory(this.client, () => this.changed());
  #requests: readonly PendingRequestData[] = [];
  #asked = "";
  #shown: ClientTimeline | undefined;

  constructor(recording: Recording) {
    super();
    // A browser opens few connections to one host, so this uses none that stays open.
    recording.subscribe(() => {
      const asked = recording.traffic.askedKeys.join();
      if (asked === this.#asked) return;
      this.#asked = asked;
      void this.#fetchRequests();
    });
  }

  /** The pending requests of all threads. */
  get requests(): readonly PendingRequestData[] {
    return this.#requests;
  }

  /**
   * The pending requests that belong to no thread, such as a question from an MCP server that is
   * starting.
   */
  get requestsWithoutThread(): readonly PendingRequestData[] {
    return this.#requests.filter(({ threadId }) => threadId === undefined);
  }

  setRequests(requests: readonly PendingRequestData[]): void {
    const ids = requests.map(({ id }) => id).join();
    if (ids === this.#requests.map(({ id }) => id).join()) return;
    this.#requests = requests;
    this.changed();
  }

  /** The thread that is shown, if this is one of its sub-agents. */
  shownRootOf(threadId: string): string | undefined {
    const view = this.#shown?.snapshot;
    return view && isIn(view, threadId) ? view.threadId : undefined;
  }

  /** The timeline of the thread that is shown. */
  show(threadId: string): ClientTimeline {
    const shown = this.#shown;
    if (shown?.threadId === threadId && shown.status !== "closed") return shown;
    shown?.close();
    const timeline = this.client.thread(threadId).timeline();
    timeline.subscribe(() => this.changed());
    this.#shown = timeline;
    return timeline;
  }

  async #fetchRequests(): Promise<void> {
    const asked = this.#asked;
    try {
      const response = await get("api/requests");
      const { requests } = (await response.json()) as { requests: PendingRequestData[] };
      if (asked !== this.#asked) return;
      this.#requests = requests;
      this.changed();
    } catch {
      // The page shows that it is disconnected.
    }
  }
}

function isIn(view: ThreadView, threadId: string): boolean {
  return view.threadId === threadId || view.agents.some((agent) => isIn(agent, threadId));
}
