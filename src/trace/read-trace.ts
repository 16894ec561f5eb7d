import { readFileSync } from "node:fs";
import { isRecord } from "../util/describe.ts";
import {
  type DeltaGroup,
  type Direction,
  TRACE_VERSION,
  type TraceEntry,
  type TraceHeader,
  type TraceMessage,
} from "./format.ts";
import { TracePath } from "./trace-path.ts";

export interface Trace {
  readonly header: TraceHeader;
  /** In the order in which it happened. */
  readonly entries: readonly TraceEntry[];
  /** Whether the trace's beginning was deleted because the trace had reached its maximum size. */
  readonly isCut: boolean;
}

/**
 * Reads a trace with all its files; `file` is the last one. A last line that wasn't written
 * completely is ignored.
 * @throws Error if the file can't be read or isn't a trace of a version that is known.
 */
export function readTrace(file: string): Trace {
  const last = linesOf(file);
  const header = headerOf(file, last[0]);
  const earlier = TracePath.of(file)
    .parts()
    .flatMap((part) => {
      const lines = linesOf(part.file);
      const { id, part: number } = headerOf(part.file, lines[0]);
      return id === header.id && number < header.part ? [{ number, lines }] : [];
    });
  const all = [...earlier.map(({ lines }) => lines), last];
  const entries = all.flatMap((lines) => lines.slice(1).flatMap(entriesIn));
  const first = earlier[0]?.number ?? header.part;
  return { header, entries: entries.sort((a, b) => a.at - b.at), isCut: first > 1 };
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").split("\n");
}

function headerOf(file: string, line = ""): TraceHeader {
  const header = parsed(line);
  if (!isRecord(header) || header.trace !== "codex-app-server") {
    throw new Error(`${file} is not a trace of codex-app-server`);
  }
  if (typeof header.version !== "number" || header.version > TRACE_VERSION) {
    throw new Error(
      `${file} has version ${String(header.version)} of the format, and this version of codex-app-server reads ${TRACE_VERSION}: update it`,
    );
  }
  const { endpoint, startedAt, client, runtime } = header;
  const texts = [startedAt, client, runtime, isRecord(endpoint) ? endpoint.name : undefined];
  if (texts.some((one) => typeof one !== "string")) {
    throw new Error(`${file} has a first line that no trace has`);
  }
  return header as unknown as TraceHeader;
}

function entriesIn(line: string): TraceEntry[] {
  const record = parsed(line);
  if (!isRecord(record) || typeof record.at !== "number") return [];
  const { at, event, ...rest } = record;
  if (typeof event === "string") return [{ at, event, details: rest }];
  const direction: Direction = "send" in record ? "send" : "receive";
  if (!(direction in record)) return [];
  const message = { at, direction, message: record[direction] };
  return Array.isArray(record.deltas) ? deltasOf(message, record.deltas) : [message];
}

/** More than a delta and its message have. */
const MAX_MEMBERS = 32;

/** The deltas that were joined in one message. */
function deltasOf(joined: TraceMessage, groups: readonly unknown[]): TraceEntry[] {
  const { message } = joined;
  const params = isRecord(message) && isRecord(message.params) ? message.params : undefined;
  if (!isRecord(message) || typeof params?.delta !== "string") return [joined];
  // Every entry gets a copy of them.
  if (Object.keys(message).length + Object.keys(params).length > MAX_MEMBERS) return [joined];
  const text = params.delta;
  const entries: TraceEntry[] = [];
  let start = 0;
  for (const [at, emittedAtMs, ...lengths] of groups.filter(isGroup)) {
    for (const [index, length] of lengths.entries()) {
      const delta = text.slice(start, start + length);
      start += length;
      const time = emittedAtMs === null ? {} : { emittedAtMs };
      entries.push({
        at: at + index / 1000,
        direction: joined.direction,
        message: { ...message, params: { ...params, delta }, ...time },
      });
    }
  }
  return entries;
}

function isGroup(value: unknown): value is DeltaGroup {
  if (!Array.isArray(value)) return false;
  const [at, emittedAtMs, ...lengths] = value as readonly unknown[];
  const isTime = typeof emittedAtMs === "number" || emittedAtMs === null;
  // Negative lengths would repeat the text.
  const areLengths = lengths.every((one) => Number.isSafeInteger(one) && Number(one) >= 0);
  return typeof at === "number" && isTime && areLengths;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
