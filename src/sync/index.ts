/**
 * The blocking client, for scripts, REPLs and plugins that must be synchronous.
 * @module
 */

export { type Tool, type ToolContext, type ToolDefinition, tool } from "../input/tool.ts";
export { CodexSync } from "./codex-sync.ts";
export { InterruptedError } from "./interrupted-error.ts";
export type { CodexSyncOptions } from "./options.ts";
export { PendingRequestSync, RequestsSync } from "./requests-sync.ts";
export { ThreadSync } from "./thread-sync.ts";
export { ThreadTimelineSync } from "./thread-timeline-sync.ts";
export { TurnSync } from "./turn-sync.ts";
