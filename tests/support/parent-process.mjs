// Starts a client with a turn that runs a command, tells the server's pid, and dies as it is told.
// Plain Node can't load TypeScript: it takes what the build made.
import { readFileSync } from "node:fs";
import { Codex } from "codex-app-server";

const [codexBin] = process.argv.slice(2);
const codex = await Codex.start({ codexBin });
const thread = await codex.threadStart({ sandbox: "danger-full-access", approvalPolicy: "never" });
await thread.turn("go");

process.stdin.once("data", (way) => {
  if (String(way) === "exits") process.exit(0);
  throw new Error("as told");
});
console.log(readFileSync(`/proc/self/task/${process.pid}/children`, "utf8"));
