export type { MediaSource, RunUsage, ToolContent, TurnAGUIEvent, TurnCustomEvents, } from "./ag-ui/event.js";
export { type AGUIOptions, type AGUIResponseOptions, toAGUI, toAGUIResponse, } from "./ag-ui/stream.js";
export type { EventStreamOptions } from "./event-stream.js";
export { messageInput, type PageMessage } from "./message-input.js";
export type { TurnStreamOptions } from "./turn-stream.js";
export type { TurnData, TurnMetadata, TurnUIMessageChunk } from "./ui-messages/chunk.js";
export { toUIMessageStream, toUIMessageStreamResponse, type UIMessageStreamResponseOptions, } from "./ui-messages/stream.js";
//# sourceMappingURL=index.d.ts.map