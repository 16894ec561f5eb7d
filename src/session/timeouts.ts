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

/** The time that a request of this method gets when the caller does not say. In milliseconds; 0 is none. */
export function timeoutOf(method: string, requestTimeoutMs: number): number {
  return UNTIMED.has(method) ? 0 : requestTimeoutMs;
}
