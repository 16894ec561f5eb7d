import type { Entry } from "../../timeline/entries.ts";
import type { RunInterrupt, SubAgentEvent } from "./event.ts";

/** The sub-agents that work in a run. Their threads' ids are their runs' ids. */
export class SubAgents {
  readonly #active = new Set<string>();
  /** The sub-agents that have ended: AG-UI allows only one start and one end per sub-agent in a run. */
  readonly #ended = new Set<string>();

  /** Applies what an entry of the timeline shows about sub-agents. */
  *take(entry: Entry): Generator<SubAgentEvent> {
    if (entry.kind !== "subAgent") return;
    const { action, path, agents } = entry;
    for (const id of entry.threadIds) {
      if (action === "started") yield* this.#start(id, path);
      else if (action === "completed") yield* this.#finish(id);
      else if (action === "interrupted") yield* this.#fail(id, "The sub-agent was interrupted");
    }
    for (const { threadId, status, message } of agents) {
      if (status === "completed") yield* this.#finish(threadId);
      else if (status === "errored") yield* this.#fail(threadId, message ?? "The sub-agent failed");
    }
  }

  /** The interrupt of a sub-agent, if the request is a sub-agent's. */
  attribute(interrupt: RunInterrupt): RunInterrupt {
    const { threadId } = interrupt.metadata.codex.request;
    if (threadId === undefined || !this.#active.has(threadId)) return interrupt;
    return { ...interrupt, subagentRunId: threadId };
  }

  /** Suspends all sub-agents for the run, which ends: those that are still working continue without it. */
  *suspend(interrupts: readonly RunInterrupt[]): Generator<SubAgentEvent> {
    for (const subagentRunId of this.#active) {
      const own = interrupts.filter((one) => one.subagentRunId === subagentRunId);
      const ids = own.length > 0 ? { interruptIds: own.map(({ id }) => id) } : {};
      yield { type: "SUBAGENT_FINISHED", subagentRunId, outcome: { type: "suspended", ...ids } };
    }
    this.#active.clear();
  }

  *#start(subagentRunId: string, path: string | null): Generator<SubAgentEvent> {
    if (this.#active.has(subagentRunId) || this.#ended.has(subagentRunId)) return;
    this.#active.add(subagentRunId);
    const name = path?.split("/").at(-1) || "agent";
    yield { type: "SUBAGENT_STARTED", subagentRunId, name };
  }

  *#finish(subagentRunId: string): Generator<SubAgentEvent> {
    if (!this.#end(subagentRunId)) return;
    yield { type: "SUBAGENT_FINISHED", subagentRunId, outcome: { type: "success" } };
  }

  *#fail(subagentRunId: string, message: string): Generator<SubAgentEvent> {
    if (this.#end(subagentRunId)) yield { type: "SUBAGENT_ERROR", subagentRunId, message };
  }

  #end(id: string): boolean {
    this.#ended.add(id);
    return this.#active.delete(id);
  }
}
