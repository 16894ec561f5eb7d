import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach } from "vitest";
import { TraceMask } from "../../src/trace/mask.ts";
import { type RecorderOptions, TraceRecorder } from "../../src/trace/recorder.ts";

const folders: string[] = [];

/** Removes the folders of each test after it. */
export function removeFolders(): void {
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
}

export function traceFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "trace-"));
  folders.push(folder);
  return folder;
}

/** A recorder and the errors that it has reported. */
export function recording({
  path: file,
  maxBytes,
  ...options
}: Partial<RecorderOptions> & { readonly path: string; readonly maxBytes?: number }) {
  const failures: unknown[] = [];
  const recorder = new TraceRecorder({
    file: { path: file, maxBytes },
    endpoint: { name: "memory", outlivesTransport: false },
    mask: new TraceMask([]),
    failed: (_file, cause) => failures.push(cause),
    ...options,
  });
  return { recorder, failures };
}

/** The lines of a trace as JSON. */
export function linesOf(file: string): Record<string, unknown>[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
