import { isRecord } from "../util/describe.ts";
import type { DeltaGroup, Direction, TraceEntry, TraceEvent, TraceMessage } from "./format.ts";

/** A line of a trace after the header; deltas that were joined are still one message. */
export type TraceRecord = JoinedMessage | TraceEvent;

export interface JoinedMessage extends TraceMessage {
  readonly deltas?: readonly DeltaGroup[];
}

/** The content of a line of a trace; undefined if the line isn't complete. */
export function recordIn(line: string): TraceRecord | undefined {
  const record = parsed(line);
  if (!isRecord(record) || typeof record.at !== "number") return undefined;
  const { at, event, ...rest } = record;
  if (typeof event === "string") return { at, event, details: rest };
  const direction: Direction = "send" in record ? "send" : "receive";
  if (!(direction in record)) return undefined;
  const message = { at, direction, message: record[direction] };
  return Array.isArray(record.deltas)
    ? { ...message, deltas: record.deltas.filter(isGroup) }
    : message;
}

/** More members than a delta and its message have. */
const MAX_MEMBERS = 32;
/** More empty deltas than a text has. */
const MAX_EMPTY = 16;

/** What was sent or received, with each delta separate. */
export function entriesOf(record: TraceRecord): TraceEntry[] {
  if (!("deltas" in record) || record.deltas === undefined) return [record];
  const { message, direction, deltas } = record;
  const params = isRecord(message) && isRecord(message.params) ? message.params : undefined;
  const isDelta = isRecord(message) && typeof params?.delta === "string";
  // Every entry gets a copy of the members.
  if (!isDelta || Object.keys(message).length + Object.keys(params).length > MAX_MEMBERS) {
    return [{ at: record.at, direction, message }];
  }
  const text = String(params.delta);
  const count = deltas.reduce((sum, [, , ...lengths]) => sum + lengths.length, 0);
  if (count > text.length + MAX_EMPTY) return [{ at: record.at, direction, message }];
  const entries: TraceEntry[] = [];
  let start = 0;
  for (const [at, emittedAtMs, ...lengths] of deltas) {
    for (const [index, length] of lengths.entries()) {
      const delta = text.slice(start, start + length);
      start += length;
      const time = emittedAtMs === null ? {} : { emittedAtMs };
      entries.push({
        at: at + index / 1000,
        direction,
        message: { ...message, params: { ...params, delta }, ...time },
      });
    }
  }
  return entries;
}

/** A line as JSON; undefined if it isn't JSON. */
export function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isGroup(value: unknown): value is DeltaGroup {
  if (!Array.isArray(value)) return false;
  const [at, emittedAtMs, ...lengths] = value as readonly unknown[];
  const isTime = typeof emittedAtMs === "number" || emittedAtMs === null;
  // Negative lengths would repeat the text.
  const areLengths = lengths.every((one) => Number.isSafeInteger(one) && Number(one) >= 0);
  return typeof at === "number" && isTime && areLengths;
}
