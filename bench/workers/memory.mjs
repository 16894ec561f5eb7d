// What remains on the heap after a turn of many unread deltas.
import { Codex } from "../../dist/index.js";
import { replayServer } from "../support/server.mjs";

const { deltas, reader } = JSON.parse(process.argv[2]);
const codex = new Codex({ launchArgs: [replayServer.command, ...replayServer.args] });
const thread = await codex.threadStart();
const flood = (count) => JSON.stringify({ kind: "message", deltas: count });
await thread.run(flood(1_000));

const before = held();
const turn = await thread.turn(flood(deltas));
const stream = turn.stream();
if (reader === "idle") await stream.next();
const { text } = await turn.run();
const after = held();

const textBytes = Buffer.byteLength(text);
console.log(JSON.stringify({ overText: after - before - textBytes, textBytes }));
// Used after the measurement, so that neither is collected before it.
await stream.return();
await turn.run();
await codex.close();

function held() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
