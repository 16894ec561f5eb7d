/**
 * React hooks for the client of a handler.
 * @module
 */

export {
  CodexProvider,
  type CodexProviderProps,
  type UsedThread,
  useCodex,
  useRequests,
  useThread,
  useTimeline,
} from "./hooks.ts";
export type { ThreadSnapshot } from "./shared-timelines.ts";
