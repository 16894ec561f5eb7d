import type { SettledReason } from "../../errors/request-errors.ts";
import type { AnswerOption, PendingRequestData } from "../../requests/pending-request-data.ts";
import type { Attachment, Entry, PlanStep } from "../../timeline/entries.ts";
import type { TokenUsage } from "../../timeline/views.ts";

/** The kind of streamed text. */
export type TextKind = "message" | "plan" | "reasoningSummary" | "reasoning";

export function isReasoning(kind: TextKind | undefined): boolean {
  return kind === "reasoning" || kind === "reasoningSummary";
}

/** Whether the model answers or comments; null if that isn't known. */
export type Phase = "commentary" | "partial_answer" | "final_answer" | null;

/** How a tool call ended. */
export type CallState = "completed" | "failed" | "declined" | "interrupted";

/** How a turn ended. `lost`: the client can't know, for example because the connection has ended. */
export interface TurnEnding {
  readonly status: "completed" | "failed" | "interrupted" | "lost";
  readonly error: { readonly message: string; readonly code: string | null } | null;
  readonly usage: TokenUsage | null;
  readonly durationMs: number | null;
}

/**
 * One step of a turn, for a format that has messages of parts. Everything that was started is ended
 * before `end`, which comes last.
 */
export type TurnPart =
  | { readonly type: "start" }
  | {
      readonly type: "textStart";
      readonly id: string;
      readonly kind: TextKind;
      readonly phase: Phase;
    }
  | { readonly type: "textDelta"; readonly id: string; readonly delta: string }
  /** `incomplete`: the text was cut off, or another text replaces it. */
  | { readonly type: "textEnd"; readonly id: string; readonly incomplete: boolean }
  /** The input of some calls is known only when they end. */
  | { readonly type: "callStart"; readonly id: string; readonly name: string }
  /** Sent again if the input changes. */
  | {
      readonly type: "callInput";
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
    }
  /** The output of the call so far. */
  | { readonly type: "callProgress"; readonly id: string; readonly output: unknown }
  | {
      readonly type: "callEnd";
      readonly id: string;
      readonly state: CallState;
      readonly output: unknown;
      /** Set unless the state is "completed". */
      readonly error: string;
      /** URLs of images and audio. */
      readonly media: readonly string[];
    }
  /** A request has to be answered before the call continues. Sent again if an answer isn't accepted. */
  | {
      readonly type: "request";
      readonly request: PendingRequestData;
      readonly callId: string;
    }
  | {
      readonly type: "requestSettled";
      readonly request: PendingRequestData;
      readonly callId: string;
      readonly reason: SettledReason;
      readonly option: AnswerOption | undefined;
    }
  /** A message that was added to the running turn. */
  | {
      readonly type: "userMessage";
      readonly id: string;
      readonly text: string;
      readonly attachments: readonly Attachment[];
    }
  | { readonly type: "source"; readonly id: string; readonly url: string }
  /** The newest state of the agent's list of steps. */
  | { readonly type: "steps"; readonly explanation: string; readonly steps: readonly PlanStep[] }
  /** The newest diff of all that the turn has changed. */
  | { readonly type: "diff"; readonly diff: string }
  /** Anything else, as an entry of the timeline. Sent again when it changes. */
  | { readonly type: "entry"; readonly entry: Entry }
  /** The tokens that the turn has used so far. */
  | { readonly type: "usage"; readonly usage: TokenUsage }
  | { readonly type: "end"; readonly ending: TurnEnding };
