/**
 * The client of a handler, for pages in a browser.
 * @module
 */

export type {
  HandlerInput,
  HandlerInputPart,
  InterruptedTurn,
  StartedTurn,
  ThreadPage,
  ThreadSummary,
} from "../bridge/messages.ts";
export type { AnswerOption, PendingRequestData } from "../requests/pending-request-data.ts";
export type { ClientRequests } from "./client-requests.ts";
export type { ClientThread, ClientTurnOptions } from "./client-thread.ts";
export type { ClientTimeline } from "./client-timeline.ts";
export { CodexClient, type ListThreadsOptions } from "./codex-client.ts";
export type { CallOptions, CodexClientOptions, RequestHeaders } from "./connection.ts";
export { HandlerError } from "./handler-error.ts";
export type { StreamStatus } from "./live-state.ts";
