import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort, SHARE_ENV, Worker } from "node:worker_threads";
import { LaunchError } from "../errors/errors.ts";
import type { WorkerStart } from "./messages.ts";

/** The worker as the calling thread has it: neither of its handles keeps the process running. */
export interface WorkerThread {
  readonly port: MessagePort;
  readonly bell: Int32Array<SharedArrayBuffer>;
}

/**
 * Starts the thread in which the asynchronous client runs. `onDeath` is told when it ends unbidden,
 * as far as the calling thread's event loop gets to run.
 */
export function startWorker(onDeath: (cause: unknown) => void): WorkerThread {
  const file = fileURLToPath(new URL("./worker.js", import.meta.url));
  if (!existsSync(file)) {
    throw new LaunchError(
      `CodexSync needs its worker's file ${file}, which does not exist. ` +
        "If your program is bundled, leave codex-app-server out of the bundle",
    );
  }
  const { port1, port2 } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(8));
  const start: WorkerStart = { port: port2, bell };
  const worker = new Worker(file, {
    name: "codex-app-server",
    workerData: start,
    transferList: [port2],
    env: SHARE_ENV,
    // A loader that the program was started with could need the thread that waits.
    execArgv: [],
  });
  worker.unref();
  worker.on("error", onDeath);
  return { port: port1, bell };
}
