import type { TraceHeader } from "../../src/trace/format.ts";
import type { Recording } from "./recording.ts";
import { get } from "./server.ts";

/** How long lines are read before the page is drawn again, in milliseconds. */
const SLICE_MS = 12;

/** Reads a trace from the server. */
export async function loadTrace(recording: Recording): Promise<void> {
  const response = await get("trace");
  const total = Number(response.headers.get("x-trace-chars") ?? 0);
  const isCut = response.headers.get("x-trace-is-cut") === "true";
  let isFirst = true;
  let read = 0;
  let until = performance.now() + SLICE_MS;
  for await (const line of linesOf(response)) {
    read += line.length + 1;
    if (isFirst) recording.begin(JSON.parse(line) as TraceHeader, isCut);
    else recording.addLine(line);
    isFirst = false;
    if (performance.now() < until) continue;
    recording.progress = total > 0 ? Math.min(1, read / total) : 0;
    await new Promise((resolve) => setTimeout(resolve));
    until = performance.now() + SLICE_MS;
  }
  recording.progress = 1;
  recording.end();
}

async function* linesOf(response: Response): AsyncGenerator<string, void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done || value === undefined) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
  if (rest !== "") yield rest;
}
