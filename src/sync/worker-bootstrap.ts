import { HEARTBEAT_MS, HEARTBEATS, MESSAGES } from "./messages.ts";

/** How long loading the worker's module may take, in milliseconds. */
const LOAD_LIMIT_MS = 30_000;

/**
 * The first code of the worker thread, as text: it needs no file, so it starts even if a bundler
 * has lost or damaged the worker's module. It loads that module and reports failures through the
 * port, because a blocked thread receives no events from its workers.
 */
export const WORKER_BOOTSTRAP: string = `
"use strict";
const { workerData: start } = require("node:worker_threads");
const post = (message) => {
  start.port.postMessage(message);
  Atomics.add(start.counters, ${MESSAGES}, 1);
  Atomics.notify(start.counters, ${MESSAGES});
};
const fail = (error) => {
  const { name = "Error", message = String(error), stack, code } = Object(error);
  const text = (value) => (value === undefined ? undefined : String(value));
  post({
    kind: "loadFailed",
    error: { name: String(name), message: String(message), stack: text(stack), code: text(code) },
  });
  process.exit(1);
};
process.on("exit", (code) => post({ kind: "exited", code }));
process.on("uncaughtException", fail);
setInterval(() => Atomics.add(start.counters, ${HEARTBEATS}, 1), ${HEARTBEAT_MS}).unref();
const limit = setTimeout(
  () => fail(new Error("it was not loaded within ${LOAD_LIMIT_MS} ms")),
  ${LOAD_LIMIT_MS},
);
import(start.moduleUrl).then(({ serveCalls }) => {
  clearTimeout(limit);
  if (typeof serveCalls !== "function") throw new Error("the module has no function serveCalls");
  process.off("uncaughtException", fail);
  serveCalls(start);
}).catch(fail);
`;
