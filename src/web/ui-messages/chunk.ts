import type { SettledReason } from "../../errors/request-errors.ts";
import type { PendingRequestData } from "../../requests/pending-request-data.ts";
import type { Attachment, Entry, PlanStep } from "../../timeline/entries.ts";
import type { TokenUsage } from "../../timeline/views.ts";

/** The metadata of a message that shows a turn. Members are added while the turn runs. */
export type TurnMetadata = {
  threadId: string;
  turnId: string;
  /** Set when the turn has ended. `lost`: its end is unknown, because the connection was lost. */
  status?: "completed" | "failed" | "interrupted" | "lost";
  /** The turn's tokens. */
  usage?: TokenUsage;
  durationMs?: number;
  /** Why the turn didn't complete. */
  error?: { message: string; code: string | null };
};

/** The data parts of a message that shows a turn, by their names without "data-". */
export type TurnData = {
  /** The agent's list of steps. */
  plan: { explanation: string; steps: readonly PlanStep[] };
  /** All of the turn's changes to files, as one unified diff. */
  diff: { diff: string };
  /**
   * A pending or settled request. The approval of a tool call has the id of its request.
   */
  request: {
    request: PendingRequestData;
    state: "pending" | SettledReason;
    /** The chosen option. */
    answer?: string;
  };
  /** A message that was added to the running turn. */
  message: { text: string; attachments: readonly Attachment[] };
  /** Anything that is neither text nor a tool call: notices, retries, reviews, and so on. */
  entry: Entry;
};

type DataChunk = {
  [Name in keyof TurnData]: { type: `data-${Name}`; id: string; data: TurnData[Name] };
}[keyof TurnData];

export type PartMetadata = { codex: Record<string, string | boolean | null> };

/** A chunk of the AI SDK's UI message stream, as this package sends it. */
export type TurnUIMessageChunk =
  | { type: "start"; messageId: string; messageMetadata: TurnMetadata }
  | { type: "start-step" }
  | { type: "finish-step" }
  | { type: "text-start"; id: string; providerMetadata: PartMetadata }
  | { type: "text-delta"; id: string; delta: string }
  | { type: "text-end"; id: string; providerMetadata?: PartMetadata }
  | { type: "reasoning-start"; id: string; providerMetadata: PartMetadata }
  | { type: "reasoning-delta"; id: string; delta: string }
  | { type: "reasoning-end"; id: string; providerMetadata?: PartMetadata }
  | ({ type: "tool-input-start" } & Call)
  | ({ type: "tool-input-available"; input: unknown } & Call)
  | { type: "tool-approval-request"; approvalId: string; toolCallId: string; isAutomatic?: boolean }
  | { type: "tool-approval-response"; approvalId: string; approved: boolean; reason?: string }
  | ({ type: "tool-output-available"; output: unknown; preliminary?: boolean } & Result)
  | ({ type: "tool-output-error"; errorText: string } & Result)
  | { type: "tool-output-denied"; toolCallId: string }
  | { type: "source-url"; sourceId: string; url: string }
  | { type: "file"; url: string; mediaType: string }
  | DataChunk
  | { type: "message-metadata"; messageMetadata: TurnMetadata }
  | { type: "error"; errorText: string }
  | { type: "abort"; reason: string }
  | { type: "finish"; finishReason: "stop" | "error" | "other"; messageMetadata: TurnMetadata };

type Call = { toolCallId: string; toolName: string; dynamic: true; providerExecuted: true };
type Result = { toolCallId: string; dynamic: true; providerExecuted: true };
