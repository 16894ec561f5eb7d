// The thread in which the asynchronous client of a CodexSync runs.
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { BEAT, BEAT_MS, type WorkerStart } from "./messages.ts";
import { CallServer } from "./serve-calls.ts";

const start: WorkerStart = workerData;
const server = new CallServer(start);

// Node hands a worker's stderr to the main thread, which may be asleep: NODE_DEBUG is wanted at once.
process.stderr.write = (chunk: string | Uint8Array) => {
  writeSync(2, chunk as string);
  return true;
};

setInterval(() => Atomics.add(start.bell, BEAT, 1), BEAT_MS).unref();

process.on("uncaughtException", (error) => {
  server.fail(error);
  process.exit(1);
});
