/**
 * The blocking client, for scripts, REPLs and plugins that must be synchronous.
 * @module
 */
export { type Tool, type ToolContext, type ToolDefinition, tool } from "../input/tool.js";
export { CodexSync } from "./codex-sync.js";
export { InterruptedError } from "./interrupted-error.js";
export type { CodexSyncOptions } from "./options.js";
export { PendingRequestSync, RequestsSync } from "./requests-sync.js";
export { ThreadSync } from "./thread-sync.js";
export { ThreadTimelineSync } from "./thread-timeline-sync.js";
export { TurnSync } from "./turn-sync.js";
//# sourceMappingURL=index.d.ts.map