import { Codex } from "../../dist/index.js";
import { replayServer } from "./server.mjs";

const consumers = { stream, run: (turn) => turn.run() };

/**
 * The same with the SDK. The consumer decides whether each turn is streamed or only its result is
 * awaited.
 */
export async function sdkFlood(threadCount = 1, options = {}) {
  const launchArgs = [replayServer.command, ...replayServer.args];
  const codex = new Codex({ launchArgs, ...options });
  const threads = await Promise.all(Array.from({ length: threadCount }, () => codex.threadStart()));
  return {
    runTurns: (text, consumer) =>
      Promise.all(threads.map(async (thread) => consumers[consumer](await thread.turn(text)))),
    close: () => codex.close(),
  };
}

async function stream(turn) {
  let characters = 0;
  for await (const { params } of turn.stream()) characters += params.delta?.length ?? 0;
  if (characters === 0) throw new Error("the stream had no deltas");
}
