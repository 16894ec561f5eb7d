/** One line of a list of the traffic. */
export type Row = RequestRow | NotificationRow | EventRow;

interface RowBase {
  /** Unique; counts the rows in the order in which they were recorded. */
  readonly key: number;
  /** In milliseconds since the trace began. */
  readonly at: number;
  readonly threadId: string | undefined;
  readonly turnId: string | undefined;
  readonly itemId: string | undefined;
}

/** A request from either side, with its answer. */
export interface RequestRow extends RowBase {
  readonly kind: "request";
  readonly byServer: boolean;
  readonly method: string;
  readonly message: Message;
  state: RequestState;
  /** When the request was answered, or turned out to have no answer. */
  endedAt: number | undefined;
  answer: Message | undefined;
  /** Why the request failed. */
  error: string | undefined;
  /** 2 for the first retry. */
  readonly attempt: number;
  /** The key of the next attempt. */
  retriedBy: number | undefined;
}

/**
 * `elsewhere`: the server no longer needs an answer from this client, because another client has
 * answered, or the turn has ended. `unanswered`: the connection or the trace ended first.
 */
export type RequestState = "pending" | "succeeded" | "failed" | "elsewhere" | "unanswered";

/** A notification, or consecutive deltas of one part of an item. */
export interface NotificationRow extends RowBase {
  readonly kind: "notification";
  readonly byServer: boolean;
  readonly method: string;
  readonly message: unknown;
  /** How many deltas were joined. */
  readonly count: number;
  /** When the last delta arrived. */
  readonly endedAt: number;
}

/** An event of the client or its connection. */
export interface EventRow extends RowBase {
  readonly kind: "event";
  readonly event: string;
  readonly level: "info" | "warning" | "error";
  readonly details: Readonly<Record<string, unknown>>;
}

export type Message = Readonly<Record<string, unknown>>;

/** A request that takes this many milliseconds or more counts as slow. */
export const SLOW_MS = 1_000;

/** How long a request took, or has taken so far. */
export function durationOf(row: RequestRow, now: number): number {
  return Math.max(0, (row.endedAt ?? now) - row.at);
}

/** Why a row deserves attention. */
export type Mark = "failed" | "unanswered" | "retried" | "slow" | "warning";

export function marksOf(row: Row, now: number): readonly Mark[] {
  if (row.kind === "event") {
    if (row.level === "info") return [];
    return [row.level === "error" ? "failed" : "warning"];
  }
  if (row.kind === "notification") {
    if (row.method === "error") return ["failed"];
    return /(?:^warning|Warning|Notice)$/.test(row.method) ? ["warning"] : [];
  }
  const marks: Mark[] = [];
  if (row.state === "failed") marks.push("failed");
  if (row.state === "unanswered") marks.push("unanswered");
  if (row.attempt > 1 || row.retriedBy !== undefined) marks.push("retried");
  if (!UNTIMED.has(row.method) && durationOf(row, now) >= SLOW_MS) marks.push("slow");
  return marks;
}

/** Requests that are answered only when their work is done, however long it takes. */
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
