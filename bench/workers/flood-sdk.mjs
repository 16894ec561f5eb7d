// The SDK on a flood; `consumer` says whether somebody streams each turn or only awaits its result.
import { Codex } from "../../dist/index.js";
import { measureFlood, taskOfThisProcess } from "../support/measure-flood.mjs";
import { replayServer } from "../support/server.mjs";

const task = taskOfThisProcess();
const codex = new Codex({ launchArgs: [replayServer.command, ...replayServer.args] });
const threads = await Promise.all(
  Array.from({ length: task.threads ?? 1 }, () => codex.threadStart()),
);
const consume = { stream, run: (turn) => turn.run() }[task.consumer];

await measureFlood(task, async (text) => {
  await Promise.all(threads.map(async (thread) => consume(await thread.turn(text))));
});
await codex.close();

async function stream(turn) {
  let characters = 0;
  for await (const { params } of turn.stream()) characters += params.delta?.length ?? 0;
  if (characters === 0) throw new Error("the stream had no deltas");
}
