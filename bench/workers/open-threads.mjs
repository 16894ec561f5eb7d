// The heap use of a thread with a handle.
import { Codex } from "../../dist/index.js";
import { replayServer } from "../support/server.mjs";

const { count } = JSON.parse(process.argv[2]);
const codex = new Codex({ launchArgs: [replayServer.command, ...replayServer.args] });
const start = (some) => Promise.all(Array.from({ length: some }, () => codex.threadStart()));
const warmUp = await start(50);
const before = held();
const threads = await start(count);
const bytes = (held() - before) / count;
console.log(JSON.stringify({ bytes, threads: threads.length + warmUp.length }));
await codex.close();

function held() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
