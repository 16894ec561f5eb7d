import type { FleetTurnFailure } from "../errors/fleet-errors.ts";
import type { OutputIssue } from "../errors/output-issue.ts";
import type { SettledReason } from "../errors/request-errors.ts";
import type { DynamicToolFunctionSpec } from "../protocol/index.ts";
import type { PendingRequestData } from "../requests/pending-request-data.ts";
import type { Notification } from "../rpc/messages.ts";
import type { TurnState } from "../turn/fold.ts";
import type { TraceContext } from "../util/channels.ts";

/** What to do with the turn of a lost worker. */
export type OnWorkerLost = "interrupt" | "retry";

/** The data of a job. Tools that show BullMQ queues display it. */
export interface JobData {
  readonly thread: string;
  readonly tenant: string;
  readonly onWorkerLost: OnWorkerLost;
  /** A `TurnOrder`, encoded. */
  readonly order: string;
  /** The trace in which the turn was submitted. */
  readonly trace?: TraceContext | undefined;
}

/** What a worker needs to run a turn. */
export interface TurnOrder {
  readonly input: unknown;
  readonly threadOptions: Readonly<Record<string, unknown>>;
  readonly turnOptions: Readonly<Record<string, unknown>>;
  /** Names of tools that the workers have. */
  readonly tools: readonly string[];
  /** Tools that run in the process that submitted the turn. */
  readonly callerTools: readonly DynamicToolFunctionSpec[];
  /** The id of the process that submitted the turn, if it has tools. */
  readonly caller?: string | undefined;
}

/** How a turn ended. */
export type Ending =
  | {
      readonly kind: "result";
      readonly threadId: string;
      readonly turnId: string;
      readonly state: TurnState;
    }
  | { readonly kind: "error"; readonly reason: FleetTurnFailure; readonly message: string };

/** One entry of a turn's event stream: the events that were written together. */
export interface EventBatch {
  readonly events: readonly Notification[];
  readonly ending?: Ending | undefined;
}

/** A command from another process to the worker that runs a turn. */
export type ControlCommand = { readonly id: string } & (
  | { readonly type: "interrupt" }
  | { readonly type: "steer"; readonly input: unknown }
  | {
      readonly type: "answer";
      readonly requestId: string;
      readonly optionId: string;
      readonly content: unknown;
    }
  | { readonly type: "toolResult"; readonly callId: string; readonly result: unknown }
);

export interface CommandFailure {
  readonly code: string;
  readonly message: string;
  /** Why a request is no longer pending. */
  readonly reason?: SettledReason | undefined;
  /** What is wrong with the content of an answer. */
  readonly issues?: readonly OutputIssue[] | undefined;
}

export interface ControlReply {
  readonly error?: CommandFailure | undefined;
  readonly value?: unknown;
}

/** An entry in a turn's requests that another process must answer. */
export type WaitingRequest =
  | { readonly type: "request"; readonly worker: string; readonly data: PendingRequestData }
  | {
      readonly type: "toolCall";
      readonly caller: string;
      readonly callId: string;
      readonly tool: string;
      readonly arguments: unknown;
      readonly threadId: string;
      readonly turnId: string;
    };

/** What a worker reports about itself. */
export interface WorkerReport {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly capacity: number;
  readonly running: number;
  readonly isClosing: boolean;
  readonly startedAt: number;
}
