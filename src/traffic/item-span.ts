import { textOf } from "../text/json-text.ts";
import { unwrapShell } from "../text/shell-words.ts";
import { isRecord } from "../util/describe.ts";
import type { Message, RequestRow } from "./rows.ts";
import type { Span, SpanKind } from "./span.ts";

const ITEM_KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["commandExecution", "command"],
  ["fileChange", "fileChange"],
  ["mcpToolCall", "tool"],
  ["dynamicToolCall", "tool"],
  ["functionCallOutput", "tool"],
  ["imageGeneration", "tool"],
  ["webSearch", "webSearch"],
  ["collabAgentToolCall", "agent"],
  ["contextCompaction", "compaction"],
  ["reasoning", "reasoning"],
  ["agentMessage", "message"],
  ["plan", "message"],
  ["sleep", "other"],
]);

/** An item as a span that begins now; undefined if it takes no time. */
export function itemSpan(item: Message, at: number, rowKey: number): Span | undefined {
  const kind = ITEM_KINDS.get(textOf(item.type));
  if (kind === undefined || typeof item.id !== "string") return undefined;
  const label = labelOf(item, kind);
  return {
    ...{ id: item.id, kind, label, startedAt: at, endedAt: undefined, state: "running", rowKey },
  };
}

/** A server request as the wait for its answer; undefined if it doesn't ask the user. */
export function requestSpan(row: RequestRow): Span | undefined {
  const { method, at, key, message } = row;
  const isQuestion = /requestUserInput$|elicitation\/request$/.test(method);
  if (!isQuestion && !/requestApproval$|Approval$/.test(method)) return undefined;
  const params = isRecord(message.params) ? message.params : {};
  return {
    id: `request ${key}`,
    kind: isQuestion ? "question" : "approval",
    label: isQuestion ? "Question" : approvalLabel(method, params),
    ...{ startedAt: at, endedAt: undefined, state: "running", rowKey: key },
  };
}

/** Whether an error is one after which the server tries again. */
export function isRetry(params: Message): boolean {
  return params.willRetry === true;
}

function approvalLabel(method: string, { command }: Message): string {
  if (typeof command === "string") return `Approval of ${unwrapShell(command)}`;
  return /fileChange/.test(method) ? "Approval of file changes" : "Approval";
}

function labelOf(item: Message, kind: SpanKind): string {
  const { command, changes, server, namespace, tool, name, query, type } = item;
  switch (kind) {
    case "command":
      return typeof command === "string" ? unwrapShell(command) : "Command";
    case "fileChange":
      return fileNames(changes);
    case "tool":
      return [server, namespace, tool ?? name].filter(isText).join(".") || textOf(type);
    case "webSearch":
      return isText(query) ? query : "Web search";
    case "agent":
      return isText(tool) ? tool : "Sub-agent";
    case "compaction":
      return "Compaction";
    case "reasoning":
      return "Reasoning";
    case "message":
      return type === "plan" ? "Plan" : "Message";
    default:
      return textOf(type);
  }
}

function fileNames(changes: unknown): string {
  const paths = (Array.isArray(changes) ? changes : []).flatMap((change: unknown) =>
    isRecord(change) && typeof change.path === "string" ? [change.path] : [],
  );
  const [first, ...others] = paths;
  if (first === undefined) return "File changes";
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
