import type { Entry, NoticeEntry } from "./entries.ts";

/**
 * A thread in a form that is ready to render. Unchanged parts of two snapshots are the same objects.
 */
export interface ThreadView {
  readonly threadId: string;
  readonly name: string | null;
  /** The beginning of the thread's first message; "" until it is known. */
  readonly preview: string;
  /** Null until it is known. */
  readonly status: "notLoaded" | "idle" | "active" | "systemError" | null;
  readonly waitingOnApproval: boolean;
  readonly waitingOnUserInput: boolean;
  readonly model: string | null;
  /** The thread's total usage, as last reported by the server. */
  readonly usage: TokenUsage | null;
  readonly context: ContextView | null;
  readonly goal: GoalView | null;
  /** Set for a sub-agent. */
  readonly agent: AgentView | null;
  /** Oldest first. */
  readonly turns: readonly TurnView[];
  /** Warnings that belong to no turn, oldest first; at most 100. */
  readonly notices: readonly NoticeEntry[];
  /** The threads of the sub-agents, in the order in which they first appeared. */
  readonly agents: readonly ThreadView[];
  /** Whether the history has turns before the first one here. */
  readonly hasOlder: boolean;
}

/** How much of the model's context is used. */
export interface ContextView {
  /** Tokens of the last request and its response. */
  readonly used: number;
  /** The size of the model's context window; null until it is known. */
  readonly window: number | null;
}

export interface TokenUsage {
  readonly totalTokens: number;
  /** Includes cached tokens. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  /** Includes reasoning tokens. */
  readonly outputTokens: number;
  readonly reasoningOutputTokens: number;
}

export interface GoalView {
  readonly objective: string;
  /** Such as "active", "paused" or "complete". */
  readonly status: string;
  readonly tokenBudget: number | null;
  readonly tokensUsed: number;
  readonly timeUsedSeconds: number;
}

export interface AgentView {
  /** The agent's path in the tree, such as "/root/helper". */
  readonly path: string | null;
  readonly nickname: string | null;
  readonly role: string | null;
}

export interface TurnView {
  readonly id: string;
  readonly state: TurnState;
  /** Unix time in milliseconds; the server reports whole seconds. */
  readonly startedAt: number | null;
  /** Unix time in milliseconds; the server reports whole seconds. */
  readonly endedAt: number | null;
  readonly durationMs: number | null;
  /** Why the turn failed. */
  readonly error: ErrorView | null;
  /**
   * The tokens that the turn used. Null for a turn that wasn't seen from its start, because the
   * server doesn't store token counts.
   */
  readonly usage: TokenUsage | null;
  /**
   * All file changes of the turn as one unified diff. Null if the turn wasn't seen live, because
   * the server doesn't store the diff.
   */
  readonly diff: string | null;
  /** In the order in which they started. */
  readonly entries: readonly Entry[];
}

export type TurnState = "running" | "completed" | "failed" | "interrupted";

export interface ErrorView {
  readonly message: string;
  readonly details: string | null;
  /** The kind of error, such as "usageLimitExceeded"; null if the server doesn't report one. */
  readonly code: string | null;
}
