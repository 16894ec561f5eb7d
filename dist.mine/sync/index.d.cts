/**
 * The blocking client, for scripts, REPLs and plugins that must be synchronous.
 * @module
 */
export { type Tool, type ToolContext, type ToolDefinition, tool } from "../input/tool.cjs";
export { CodexSync } from "./codex-sync.cjs";
export { InterruptedError } from "./interrupted-error.cjs";
export type { CodexSyncOptions } from "./options.cjs";
export { PendingRequestSync, RequestsSync } from "./requests-sync.cjs";
export { ThreadSync } from "./thread-sync.cjs";
export { ThreadTimelineSync } from "./thread-timeline-sync.cjs";
export { TurnSync } from "./turn-sync.cjs";
//# sourceMappingURL=index.d.ts.map