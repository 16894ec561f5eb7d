import type { PendingRequestData } from "../requests/pending-request-data.ts";
import type { ThreadView, TurnView } from "../timeline/views.ts";
import type { Patch } from "./patch.ts";

/** The data of an event: the whole state, or how it has changed since the last event. */
export type StreamMessage<State> = { readonly state: State } | { readonly patch: Patch };

/** The state that the event stream of a thread delivers. */
export interface LiveThread {
  readonly view: ThreadView;
  /** The pending requests of the thread and its sub-agents, oldest first. */
  readonly requests: readonly PendingRequestData[];
  /** Where the turns before the first one of `view` begin; null if there are none. */
  readonly older: string | null;
}

/** The state that the event stream for all threads delivers: their pending requests. */
export interface LiveRequests {
  readonly requests: readonly PendingRequestData[];
}

/** An entry in a list of stored threads. */
export interface ThreadSummary {
  readonly id: string;
  readonly name: string | null;
  /** The beginning of the thread's first message. */
  readonly preview: string;
  readonly status: ThreadView["status"];
  readonly model: string | null;
  readonly cwd: string | null;
  /** Unix time in milliseconds; the server reports whole seconds. */
  readonly createdAt: number | null;
  /** Unix time in milliseconds; the server reports whole seconds. */
  readonly updatedAt: number | null;
}

/** A page of threads. */
export interface ThreadPage {
  readonly threads: readonly ThreadSummary[];
  /** Where the next page begins; null if there is none. */
  readonly cursor: string | null;
}

/** A page of turns, oldest first. */
export interface TurnPage {
  readonly turns: readonly TurnView[];
  /** Where the next page of older turns begins; null if there is none. */
  readonly cursor: string | null;
}

/** Text, or several parts. It can't name files on the server's machine. */
export type HandlerInput = string | readonly HandlerInputPart[];

export type HandlerInputPart =
  | { readonly type: "text"; readonly text: string }
  /** An image as a base64 `data:` URL. */
  | { readonly type: "image"; readonly url: string };

/** The body of a request to start a thread. */
export interface StartThread {
  /** Passed to the handler's `threadOptions`, which decides what to use. */
  readonly options?: unknown;
}

export interface StartedThread {
  readonly threadId: string;
}

/** The body of a request to start a turn. */
export interface StartTurn {
  readonly input: HandlerInput;
  /** If a turn is running: wait until it ends, or add the input to it. Default "wait". */
  readonly ifRunning?: "wait" | "steer";
  /** Passed to the handler's `turnOptions`, which decides what to use. */
  readonly options?: unknown;
}

export interface StartedTurn {
  readonly turnId: string;
  /** Whether the input was added to a running turn. */
  readonly steered: boolean;
}

/** The body of a request to add input to the running turn. */
export interface SteerTurn {
  readonly input: HandlerInput;
}

export interface InterruptedTurn {
  /** The id of the interrupted turn; null if none was running. */
  readonly turnId: string | null;
}

/** The body of an answer to a request. */
export interface AnswerRequest {
  readonly optionId: string;
  readonly content?: unknown;
}

/** The body of a response that isn't ok. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}
