// The baseline of the CPU rows: only split and JSON.parse, on the replay server.
import { spawn } from "node:child_process";
import { replayServer } from "./server.mjs";

/** Starts this many threads; `runTurns(text)` runs a turn with this input on each. */
export async function bareFlood(threads = 1) {
  const child = spawn(replayServer.command, replayServer.args, {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const threadIds = [];
  let missing = 0;
  let done;
  let rest = "";

  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      if (message.method === "turn/completed" || message.method === "thread/started") {
        if (message.method === "thread/started") threadIds.push(message.params.thread.id);
        if (--missing === 0) done();
      }
    }
  });

  function each(count, start) {
    missing = count;
    const all = new Promise((resolve) => {
      done = resolve;
    });
    for (let index = 0; index < count; index++) start(index);
    return all;
  }

  function send(method, params) {
    child.stdin.write(`${JSON.stringify({ id: 1, method, params })}\n`);
  }

  await each(threads, () => send("thread/start", {}));
  return {
    runTurns: (text) =>
      each(threads, (index) =>
        send("turn/start", { threadId: threadIds[index], input: [{ type: "text", text }] }),
      ),
    close: async () => child.stdin.end(),
  };
}
