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
 * Requests that are safe to retry, in addition to those recognised by the end of their names:
 * they only read, restore what was lost with the connection, or name the turn that they end.
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

/** Time limit of a request whose caller doesn't set one, in milliseconds; 0 means no limit. */
export function timeoutOf(method: string, requestTimeoutMs: number): number {
  return UNTIMED.has(method) ? 0 : requestTimeoutMs;
}

/** Whether a request is safe to retry. Unknown methods aren't. */
export function isRepeatable(method: string): boolean {
  return /\/(?:list|read|get|status)$/.test(method) || REPEATABLE.has(method);
}

/**
 * Whether a request brings threads up to date after a lost connection. Its answer alone doesn't
 * show that the connection is good.
 */
export function bringsUpToDate(method: string): boolean {
  return method === "thread/resume" || method === "thread/read" || method === "thread/turns/list";
}
