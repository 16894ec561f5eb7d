// A thread's timeline, its event stream for one reader, and that for many, in alternating slices.
import { Codex } from "../../dist/index.js";
import { createHandler } from "../../dist/web/index.js";
import { interleave } from "../support/interleave.mjs";
import { replayServer } from "../support/server.mjs";

/** @type {{ flood: import("../support/replay-server.mjs").Flood, readers: number, rounds: number, warmUpRounds: number }} */
const { flood, readers, rounds, warmUpRounds } = JSON.parse(process.argv[2]);
const text = JSON.stringify({ ...flood, together: 1 });

const codex = new Codex({ launchArgs: [replayServer.command, ...replayServer.args] });
const limits = { streams: 1_000, streamsPerClient: 1_000, requestsPerMinute: 1_000_000 };
const handler = createHandler(codex, { authorize: () => true, limits });
const contenders = {
  none: () => slice(0),
  one: () => slice(1),
  many: () => slice(readers),
};
await interleave(contenders, { rounds: warmUpRounds });
console.log(JSON.stringify(await interleave(contenders, { rounds })));
handler.close();
await codex.close();

/** CPU time of the whole process per delta, in microseconds, including the readers. */
async function slice(count) {
  const thread = await codex.threadStart();
  const timeline = await thread.timeline();
  timeline.subscribe(() => timeline.snapshot);
  const bodies = await Promise.all(
    Array.from({ length: count }, async () => {
      const url = `http://app.test/threads/${thread.id}/events`;
      return (await handler(new Request(url))).body;
    }),
  );
  const ends = bodies.map(readToEnd);
  const before = process.cpuUsage();
  await (await thread.turn(text)).run();
  await Promise.all(ends);
  const { user, system } = process.cpuUsage(before);
  timeline.close();
  return (user + system) / flood.deltas;
}

/** Reads until the turn has ended. */
async function readToEnd(body) {
  for await (const chunk of body) {
    const { buffer, byteOffset, byteLength } = chunk;
    if (Buffer.from(buffer, byteOffset, byteLength).includes('"endedAt":[0,')) return;
  }
  throw new Error("the stream ended before the turn");
}
