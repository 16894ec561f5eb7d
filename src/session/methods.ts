/** Requests that are answered when the work is done, however long it takes. */
const UNTIMED: ReadonlySet<string> = new Set([
  "command/exec",
  "feedback/upload",
  "marketplace/add",
  "marketplace/upgrade",
  "mcpServer/tool/call",
  "plugin/install",
  "thread/sample",
  "windowsSandbox/setupStart",
]);

/**
 * Requests that do the same once or twice: they change nothing although their names do not end as
 * those of the others, or bring about what is gone with the connection, or name the turn they end.
 */
const REPEATABLE: ReadonlySet<string> = new Set([
  "fs/getMetadata",
  "fs/readDirectory",
  "fs/readFile",
  "fuzzyFileSearch",
  "getAuthStatus",
  "getConversationSummary",
  "gitDiffToRemote",
  "plugin/search",
  "thread/resume",
  "thread/search",
  "thread/searchOccurrences",
  "turn/interrupt",
]);

/** The time that a request of this method gets when the caller does not say. In milliseconds; 0 is none. */
export function timeoutOf(method: string, requestTimeoutMs: number): number {
  return UNTIMED.has(method) ? 0 : requestTimeoutMs;
}

/** Whether a request may be sent twice without harm. A method that is not known may not. */
export function isRepeatable(method: string): boolean {
  return /\/(?:list|read|get|status)$/.test(method) || REPEATABLE.has(method);
}
