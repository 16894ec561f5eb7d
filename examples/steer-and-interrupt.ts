// Change a turn's course while it runs, or stop it.
import { Codex, type Turn } from "codex-app-server";

await using codex = new Codex();
const thread = await codex.threadStart();

const steered = await thread.turn("Count upwards from 1, and do not stop by yourself.");
await firstWords(steered);
await steered.steer("Enough. Say goodbye.");
const { status, text } = await steered.run();
console.log(`${status}: ${text}`);

const stopped = await thread.turn("Count upwards from 1 again.");
await firstWords(stopped);
await stopped.interrupt();
console.log((await stopped.run()).status);

// A signal does the same for a call: the turn is interrupted, and the call rejects.
const controller = new AbortController();
const running = thread.run("Count once more.", { signal: controller.signal });
controller.abort(new Error("The user went home"));
await running.catch((reason: Error) => console.log(reason.message));

/** Resolves when the model has started to answer. Leaving a stream early doesn't stop its turn. */
async function firstWords(turn: Turn): Promise<void> {
  for await (const _ of turn.textStream()) return;
}
