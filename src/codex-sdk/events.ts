import type { ThreadItem } from "./items.ts";

/** The first event of every run, even for a resumed thread. */
export interface ThreadStartedEvent {
  type: "thread.started";
  thread_id: string;
}

export interface TurnStartedEvent {
  type: "turn.started";
}

/** The tokens that the thread has used so far, in all its turns. */
export interface Usage {
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_input_tokens: number;
  output_tokens: number;
  reasoning_output_tokens: number;
}

export interface TurnCompletedEvent {
  type: "turn.completed";
  usage: Usage;
}

export interface ThreadError {
  message: string;
}

export interface TurnFailedEvent {
  type: "turn.failed";
  error: ThreadError;
}

export interface ItemStartedEvent {
  type: "item.started";
  item: ThreadItem;
}

export interface ItemUpdatedEvent {
  type: "item.updated";
  item: ThreadItem;
}

export interface ItemCompletedEvent {
  type: "item.completed";
  item: ThreadItem;
}

/** An error of the turn; the server may still retry. */
export interface ThreadErrorEvent {
  type: "error";
  message: string;
}

/** An event of `runStreamed`. */
export type ThreadEvent =
  | ThreadStartedEvent
  | TurnStartedEvent
  | TurnCompletedEvent
  | TurnFailedEvent
  | ItemStartedEvent
  | ItemUpdatedEvent
  | ItemCompletedEvent
  | ThreadErrorEvent;
