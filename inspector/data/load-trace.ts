import type { TraceHeader } from "../../src/trace/format.ts";
import type { Recording } from "./recording.ts";
import { get } from "./server.ts";

/** How long to read lines before the page is drawn again, in milliseconds. */
const SLICE_MS = 12;

/** Reads a trace from the server. */
export async function loadTrace(recording: Recording): Promise<void> {
  const response = await get("trace");
  const isCut = response.headers.get("x-trace-is-cut") === "true";
  const text = await response.text();
  const end = (start: number) => {
    const found = text.indexOf("\n", start);
    return found === -1 ? text.length : found;
  };
  let at = end(0);
  recording.begin(JSON.parse(text.slice(0, at)) as TraceHeader, isCut);
  let until = performance.now() + SLICE_MS;
  while (at < text.length) {
    const next = end(at + 1);
    recording.addLine(text.slice(at + 1, next));
    at = next;
    if (performance.now() < until) continue;
    recording.progress = at / text.length;
    await new Promise((resolve) => setTimeout(resolve));
    until = performance.now() + SLICE_MS;
  }
  recording.progress = 1;
  recording.end();
}
