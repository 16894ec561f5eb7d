import { isRecord } from "../util/describe.ts";
import { type Foreign, isSame, numberOrNull, recordOf, text, textOrNull } from "./foreign.ts";
import { usageOf } from "./usage.ts";
import type { AgentView, ContextView, GoalView, ThreadView, TokenUsage } from "./views.ts";

const STATUS: ReadonlySet<unknown> = new Set(["notLoaded", "idle", "active", "systemError"]);

/** The members of a thread's view except its turns, notices and sub-agents. */
export type ThreadFacts = Omit<ThreadView, "turns" | "notices" | "agents">;

/** The properties of a thread apart from its turns. */
export class ThreadRecord {
  #facts: ThreadFacts;
  #historyFile: string | undefined;

  constructor(threadId: string) {
    this.#facts = {
      ...{ threadId, name: null, preview: "", status: null, model: null, usage: null },
      ...{ waitingOnApproval: false, waitingOnUserInput: false, context: null, goal: null },
      ...{ agent: null, hasOlder: false },
    };
  }

  /** The same object until something has changed. */
  get facts(): ThreadFacts {
    return this.#facts;
  }

  /** Applies what the server reports about the thread in a response or a notification. */
  inform(thread: Foreign): void {
    const { name, preview, model, status, agentNickname, agentRole } = thread;
    if (name === null || typeof name === "string") this.#set({ name });
    if (typeof preview === "string") this.#set({ preview });
    if (typeof model === "string") this.#set({ model });
    if (typeof agentNickname === "string" || typeof agentRole === "string") {
      this.agent({ nickname: textOrNull(agentNickname), role: textOrNull(agentRole) });
    }
    this.status(status);
  }

  /**
   * Whether the server keeps the history in a different file than before: it starts one whenever the
   * history is truncated. Archiving only moves the file.
   */
  changesHistory({ path }: Foreign): boolean {
    if (typeof path !== "string") return false;
    const file = path.split(/[\\/]/).at(-1);
    const before = this.#historyFile;
    this.#historyFile = file;
    return before !== undefined && before !== file;
  }

  /** Notes that the history was truncated: its next file isn't known yet. */
  truncated(): void {
    this.#historyFile = undefined;
  }

  /** Takes a notification. Returns false if it is about something else. */
  notified(method: string, params: Foreign): boolean {
    switch (method) {
      case "thread/status/changed":
        this.status(params.status);
        return true;
      case "thread/name/updated":
        this.#set({ name: textOrNull(params.threadName) });
        return true;
      case "thread/settings/updated": {
        const model = textOrNull(recordOf(params.threadSettings).model);
        if (model !== null) this.#set({ model });
        return true;
      }
      case "thread/goal/updated":
        this.goal(params.goal);
        return true;
      case "thread/goal/cleared":
        this.goal(null);
        return true;
      case "thread/closed":
        this.status({ type: "notLoaded" });
        return true;
      default:
        return false;
    }
  }

  status(status: unknown): void {
    const { type, activeFlags } = recordOf(status);
    if (!STATUS.has(type)) return;
    const flags: readonly unknown[] = Array.isArray(activeFlags) ? activeFlags : [];
    this.#set({
      status: type as NonNullable<ThreadView["status"]>,
      waitingOnApproval: flags.includes("waitingOnApproval"),
      waitingOnUserInput: flags.includes("waitingOnUserInput"),
    });
  }

  goal(goal: unknown): void {
    this.#set({ goal: isRecord(goal) ? goalView(goal) : null });
  }

  agent(agent: Partial<AgentView>): void {
    const known = this.#facts.agent ?? { path: null, nickname: null, role: null };
    this.#set({ agent: { ...known, ...agent } });
  }

  set hasOlder(hasOlder: boolean) {
    this.#set({ hasOlder });
  }

  /** Takes the usage that the server reports. Returns the thread's total usage, and the usage of its last request. */
  countUsage(
    tokens: Foreign,
  ): { readonly total: TokenUsage; readonly last: TokenUsage } | undefined {
    const [total, last] = [usageOf(tokens.total), usageOf(tokens.last)];
    if (!total || !last) return undefined;
    const context: ContextView = {
      used: last.totalTokens,
      window: numberOrNull(tokens.modelContextWindow),
    };
    this.#set({ usage: total, context });
    return { total, last };
  }

  #set(facts: Partial<ThreadFacts>): void {
    const next = { ...this.#facts, ...facts };
    if (!isSame(next, this.#facts)) this.#facts = next;
  }
}

function goalView(goal: Foreign): GoalView {
  return {
    objective: text(goal.objective),
    status: text(goal.status),
    tokenBudget: numberOrNull(goal.tokenBudget),
    tokensUsed: numberOrNull(goal.tokensUsed) ?? 0,
    timeUsedSeconds: numberOrNull(goal.timeUsedSeconds) ?? 0,
  };
}
