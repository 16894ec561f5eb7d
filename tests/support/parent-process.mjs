// Starts a client with a turn that runs a command, prints its children's pids, and ends in the
// requested way. On request, it connects to its server through `Codex.serve`. It uses the built
// package, because plain Node can't load TypeScript.
import { readFileSync } from "node:fs";
import { Codex } from "codex-app-server";

const [codexBin, serves] = process.argv.slice(2);
const listen = "ws://127.0.0.1:0";
const transport = serves && (await Codex.serve({ listen, codexBin })).endpoint();
const codex = await Codex.start({ codexBin, transport });
const thread = await codex.threadStart({ sandbox: "danger-full-access", approvalPolicy: "never" });
await thread.turn("go");

process.stdin.once("data", (way) => {
  if (String(way) === "exits") process.exit(0);
  throw new Error("as told");
});
console.log(readFileSync(`/proc/self/task/${process.pid}/children`, "utf8"));
