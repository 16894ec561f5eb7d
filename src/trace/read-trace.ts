import { readFileSync } from "node:fs";
import { isRecord } from "../util/describe.ts";
import { textOf } from "../util/text-of.ts";
import { TRACE_VERSION, type TraceEntry, type TraceHeader } from "./format.ts";
import { entriesOf, parsed, recordIn } from "./lines.ts";
import { TracePath } from "./trace-path.ts";

export interface Trace {
  readonly header: TraceHeader;
  /** In the order in which they happened. */
  readonly entries: readonly TraceEntry[];
  /** Whether the trace's beginning was deleted because the trace had reached its maximum size. */
  readonly isCut: boolean;
}

export interface TraceLines extends Pick<Trace, "header" | "isCut"> {
  /** In the order in which they were written, without the headers. */
  readonly lines: readonly string[];
}

/**
 * Reads a trace with all its files; `file` is the last one. A last line that wasn't written
 * completely is ignored.
 * @throws Error if the file can't be read or isn't a trace, or its version isn't supported.
 */
export function readTrace(file: string): Trace {
  const { header, isCut, lines } = readLines(file);
  const entries = lines.flatMap((line) => {
    const record = recordIn(line);
    return record ? entriesOf(record) : [];
  });
  return { header, entries: entries.sort((a, b) => a.at - b.at), isCut };
}

/** The lines of a trace with all its files. @throws the same as `readTrace`. */
export function readLines(file: string): TraceLines {
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
  const first = earlier[0]?.number ?? header.part;
  return { header, lines: all.flatMap((lines) => lines.slice(1)), isCut: first > 1 };
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").split("\n");
}

function headerOf(file: string, line = ""): TraceHeader {
  const header = parsed(line);
  if (!isRecord(header) || header.trace !== "codex-app-server") {
    throw new Error(`${file} isn't a codex-app-server trace`);
  }
  if (typeof header.version !== "number" || header.version > TRACE_VERSION) {
    throw new Error(
      `${file} uses version ${textOf(header.version)} of the trace format, but this codex-app-server can't read versions above ${TRACE_VERSION}: update codex-app-server`,
    );
  }
  const { endpoint, startedAt, client, runtime } = header;
  const texts = [startedAt, client, runtime, isRecord(endpoint) ? endpoint.name : undefined];
  if (texts.some((one) => typeof one !== "string") || !Number.isSafeInteger(header.part)) {
    throw new Error(`${file} isn't a trace: its first line isn't a trace header`);
  }
  return header as unknown as TraceHeader;
}
