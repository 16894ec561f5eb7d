import { jsonText } from "../text/json-text.ts";
import { type Mark, marksOf, type Row } from "./rows.ts";

export type RowKind = "requests" | "serverRequests" | "notifications" | "events";

/** Which rows to show. */
export interface TrafficFilter {
  /** Text in the method or the content; case doesn't matter. */
  readonly text: string;
  /** Undefined: all. */
  readonly kind: RowKind | undefined;
  readonly mark: Mark | undefined;
  /** Undefined: all threads, and rows without a thread. */
  readonly threadIds: ReadonlySet<string> | undefined;
}

export function kindOf(row: Row): RowKind {
  if (row.kind === "event") return "events";
  if (row.kind === "notification") return "notifications";
  return row.byServer ? "serverRequests" : "requests";
}

/** The rows that the filter lets through, in order. */
export function filterRows(rows: readonly Row[], filter: TrafficFilter, now: number): Row[] {
  const { kind, mark, threadIds } = filter;
  const text = filter.text.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (kind === undefined || kindOf(row) === kind) &&
      (threadIds === undefined || (row.threadId !== undefined && threadIds.has(row.threadId))) &&
      (mark === undefined || marksOf(row, now).includes(mark)) &&
      (text === "" || contentOf(row).includes(text)),
  );
}

/** How many rows have each mark. */
export function countMarks(rows: readonly Row[], now: number): ReadonlyMap<Mark, number> {
  const counts = new Map<Mark, number>();
  for (const row of rows) {
    for (const mark of marksOf(row, now)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return counts;
}

const contents = new WeakMap<Row, { readonly answer: unknown; readonly text: string }>();

function contentOf(row: Row): string {
  const answer = row.kind === "request" ? row.answer : undefined;
  const known = contents.get(row);
  if (known && known.answer === answer) return known.text;
  const own = row.kind === "event" ? [row.event, row.details] : row.message;
  const text = jsonText([own, answer ?? null]).toLowerCase();
  contents.set(row, { answer, text });
  return text;
}
