// The module of the worker thread, in which the asynchronous client of a CodexSync runs.
import { writeSync } from "node:fs";
import { CallServer } from "./call-server.ts";
import type { WorkerStart } from "./messages.ts";

/** Makes the calls that the calling thread posts, until that thread or an error ends this one. */
export function serveCalls(start: WorkerStart): void {
  const server = new CallServer(start);
  process.on("uncaughtException", (error) => {
    try {
      server.fail(error);
    } finally {
      process.exit(1);
    }
  });
  writeStderrDirectly();
}

/**
 * Makes stderr write directly. A worker's stderr passes through the main thread, which can be
 * blocked: NODE_DEBUG would print nothing.
 */
function writeStderrDirectly(): void {
  process.stderr.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    try {
      writeSync(2, chunk as string);
    } catch {
      // Diagnostics can be lost, for example to a full pipe, but must not end the client.
    }
    const written = rest.at(-1);
    if (typeof written === "function") process.nextTick(written);
    return true;
  };
}
