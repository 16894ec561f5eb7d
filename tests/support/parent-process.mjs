// Starts an app-server with a turn that runs a command, tells its pid, and dies as it is told.
// Plain Node can't load TypeScript: it takes what the build made.
import { createInterface } from "node:readline";
import { spawnAppServer } from "../../dist/process/app-server-process.js";

const [command] = process.argv.slice(2);
const server = await spawnAppServer({ command, args: ["app-server", "--listen", "stdio://"] });
const answers = new Map();
createInterface({ input: server.stdout }).on("line", (line) => {
  const { id, result } = JSON.parse(line);
  answers.get(id)?.(result);
});
function request(id, method, params) {
  server.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
  return new Promise((resolve) => answers.set(id, resolve));
}

const clientInfo = { name: "parent", title: null, version: "0" };
await request(1, "initialize", { clientInfo, capabilities: null });
const { thread } = await request(2, "thread/start", {
  sandbox: "danger-full-access",
  approvalPolicy: "never",
});
await request(3, "turn/start", {
  threadId: thread.id,
  input: [{ type: "text", text: "go", text_elements: [] }],
});

process.stdin.once("data", (way) => {
  if (String(way) === "exits") process.exit(0);
  throw new Error("as told");
});
console.log(server.pid);
