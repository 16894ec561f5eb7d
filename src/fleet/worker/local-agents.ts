import type { Agent } from "../../client/agents.ts";
import type { Codex } from "../../client/codex.ts";
import type { Thread } from "../../client/thread.ts";
import { type HistoryPlace, pathInHome } from "./thread-archive.ts";

/** The sub-agents, at all levels, of a thread that a server of this worker has loaded. */
export class LocalAgents {
  readonly #codex: Codex;
  readonly #thread: Thread;
  readonly #places = new Map<string, HistoryPlace>();
  #mayHaveMore = false;

  /** `known`: the sub-agents that were stored with the thread. */
  constructor(codex: Codex, thread: Thread, known: readonly HistoryPlace[] = []) {
    this.#codex = codex;
    this.#thread = thread;
    for (const place of known) this.#places.set(place.threadId, place);
  }

  /** Where the histories of the known sub-agents are. */
  get places(): readonly HistoryPlace[] {
    return [...this.#places.values()].map(({ threadId, path }) => ({ threadId, path }));
  }

  /**
   * Notes that the thread has started a sub-agent, which can start others. From now on, `find` asks the server.
   */
  started(): void {
    this.#mayHaveMore = true;
  }

  /**
   * Asks the server for all sub-agents, if there may be any. If the server can't locate one, it
   * isn't stored.
   */
  async find(): Promise<readonly HistoryPlace[]> {
    if (this.#mayHaveMore || this.#places.size > 0) {
      for (const threadId of await agentIdsOf(this.#thread)) {
        if (!this.#places.has(threadId)) await this.#locate(threadId).catch(() => {});
      }
    }
    return this.places;
  }

  async #locate(threadId: string): Promise<void> {
    const { thread } = await this.#codex.request("thread/read", { threadId });
    this.#places.set(threadId, { threadId, path: pathInHome(this.#codex, thread.path) });
  }
}

/** The ids of a thread's sub-agents, at all levels; none if the server doesn't report them. */
export async function agentIdsOf(thread: Thread): Promise<readonly string[]> {
  const idsIn = (agents: readonly Agent[]): string[] =>
    agents.flatMap(({ threadId, agents: below }) => [threadId, ...idsIn(below)]);
  return idsIn(await thread.agents().catch(() => []));
}
