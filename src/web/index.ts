/**
 * A handler that lets web pages use the threads of a client, on any server; and streams of turns in the
 * formats of the AI SDK and AG-UI.
 * @module
 */

export type {
  MediaSource,
  RunInterrupt,
  RunUsage,
  ToolContent,
  TurnAGUIEvent,
  TurnCustomEvents,
} from "./ag-ui/event.ts";
export {
  type AGUIOptions,
  type AGUIResponseOptions,
  toAGUI,
  toAGUIResponse,
} from "./ag-ui/stream.ts";
export { createHandler, type Handler } from "./create-handler.ts";
export type { EventStreamOptions } from "./event-stream.ts";
export { messageInput, type PageMessage } from "./message-input.ts";
export { type NodeHandler, toNodeHandler } from "./node-handler.ts";
export type {
  HandlerAction,
  HandlerActionKind,
  HandlerLimits,
  HandlerOptions,
  HandlerThreadOptions,
  HandlerTurnOptions,
} from "./options.ts";
export type { TurnStreamOptions } from "./turn-stream.ts";
export type { TurnData, TurnMetadata, TurnUIMessageChunk } from "./ui-messages/chunk.ts";
export { toUIMessages } from "./ui-messages/history.ts";
export type { TurnUIMessage, TurnUIPart } from "./ui-messages/message.ts";
export {
  toUIMessageStream,
  toUIMessageStreamResponse,
  type UIMessageStreamResponseOptions,
} from "./ui-messages/stream.ts";
