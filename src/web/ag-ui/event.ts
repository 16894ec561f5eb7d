import type { SettledReason } from "../../errors/request-errors.ts";
import type { PendingRequestData } from "../../requests/pending-request-data.ts";
import type { Entry, PlanStep } from "../../timeline/entries.ts";

/** The tokens of a run, as AG-UI counts them. */
export type RunUsage = {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  reasoningTokens: number;
  cachedInputTokens: number;
};

/** The custom events of this package, by name. */
export type TurnCustomEvents = {
  /**
   * A request has become pending, or is no longer pending. `toolCallId`: the call that the request
   * belongs to.
   */
  "codex.request": {
    request: PendingRequestData;
    toolCallId: string;
    state: "pending" | SettledReason;
    /** The chosen option. */
    answer?: string;
  };
  /** The output of a running call so far. */
  "codex.toolOutput": { toolCallId: string; output: unknown };
  /** Anything that is neither text nor a tool call: notices, retries, reviews, and so on. */
  "codex.entry": Entry;
};

type CustomEvent = {
  [Name in keyof TurnCustomEvents]: { type: "CUSTOM"; name: Name; value: TurnCustomEvents[Name] };
}[keyof TurnCustomEvents];

/** How a text or a tool call differs from a normal one. */
type Marks = { metadata?: { codex: Record<string, string | boolean | null> } };

/** What a tool returned: text, or parts if it has images or audio. */
export type ToolContent =
  | string
  | ({ type: "text"; text: string } | { type: "image" | "audio"; source: MediaSource })[];

export type MediaSource =
  | { type: "data"; value: string; mimeType: string }
  | { type: "url"; value: string };

/** What a run waits for, as AG-UI describes it: a pending request. */
export type RunInterrupt = {
  /** The request's id. */
  id: string;
  /** "codex:" and the request's kind. */
  reason: string;
  /** The request's title. */
  message: string;
  /** The call that the request belongs to. */
  toolCallId: string;
  /** The sub-agent's thread, if the request comes from a sub-agent. */
  subagentRunId?: string;
  /** The JSON Schema of the answer: `{ option, content }`. */
  responseSchema: { [keyword: string]: unknown };
  metadata: { codex: { request: PendingRequestData } };
};

/** What a sub-agent does. `subagentRunId` is the id of its thread. */
export type SubAgentEvent =
  | { type: "SUBAGENT_STARTED"; subagentRunId: string; name: string }
  | {
      type: "SUBAGENT_FINISHED";
      subagentRunId: string;
      outcome: { type: "success" } | { type: "suspended"; interruptIds?: string[] };
    }
  | { type: "SUBAGENT_ERROR"; subagentRunId: string; message: string };

/** An event of the AG-UI protocol, as this package sends it. */
export type TurnAGUIEvent =
  | { type: "RUN_STARTED"; threadId: string; runId: string; protocolVersion: string }
  | ({ type: "TEXT_MESSAGE_START"; messageId: string; role: "assistant" | "user" } & Marks)
  | { type: "TEXT_MESSAGE_CONTENT"; messageId: string; delta: string }
  | ({ type: "TEXT_MESSAGE_END"; messageId: string } & Marks)
  | { type: "REASONING_START"; messageId: string }
  | { type: "REASONING_MESSAGE_START"; messageId: string; role: "reasoning" }
  | { type: "REASONING_MESSAGE_CONTENT"; messageId: string; delta: string }
  | ({ type: "REASONING_MESSAGE_END"; messageId: string } & Marks)
  | { type: "REASONING_END"; messageId: string }
  | { type: "TOOL_CALL_START"; toolCallId: string; toolCallName: string }
  | { type: "TOOL_CALL_ARGS"; toolCallId: string; delta: string }
  | { type: "TOOL_CALL_END"; toolCallId: string }
  | ({
      type: "TOOL_CALL_RESULT";
      messageId: string;
      toolCallId: string;
      role: "tool";
      content: ToolContent;
    } & Marks)
  | { type: "STEP_STARTED" | "STEP_FINISHED"; stepName: string }
  | {
      type: "ACTIVITY_SNAPSHOT";
      messageId: string;
      activityType: "PLAN";
      content: { explanation: string; steps: readonly PlanStep[] };
    }
  | {
      type: "ACTIVITY_SNAPSHOT";
      messageId: string;
      activityType: "DIFF";
      content: { diff: string };
    }
  | SubAgentEvent
  | CustomEvent
  | {
      type: "RUN_FINISHED";
      threadId: string;
      runId: string;
      outcome:
        | { type: "success" }
        | { type: "cancelled" }
        | { type: "interrupt"; interrupts: RunInterrupt[] };
      usage?: RunUsage[];
    }
  | { type: "RUN_ERROR"; message: string; code?: string; usage?: RunUsage[] };
