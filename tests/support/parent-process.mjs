// Starts a client with a turn that runs a command, tells its children's pids, and dies as it is told.
// Asked to, it reaches its server by way of `Codex.serve`. Plain Node can't load TypeScript: it
// takes what the build made.
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
