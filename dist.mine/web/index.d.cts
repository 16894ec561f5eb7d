export type { MediaSource, RunUsage, ToolContent, TurnAGUIEvent, TurnCustomEvents, } from "./ag-ui/event.cjs";
export { type AGUIOptions, type AGUIResponseOptions, toAGUI, toAGUIResponse, } from "./ag-ui/stream.cjs";
export type { EventStreamOptions } from "./event-stream.cjs";
export { messageInput, type PageMessage } from "./message-input.cjs";
export type { TurnStreamOptions } from "./turn-stream.cjs";
export type { TurnData, TurnMetadata, TurnUIMessageChunk } from "./ui-messages/chunk.cjs";
export { toUIMessageStream, toUIMessageStreamResponse, type UIMessageStreamResponseOptions, } from "./ui-messages/stream.cjs";
//# sourceMappingURL=index.d.ts.map