// A program that exits by itself: it runs two turns, and closes nothing. OPTIONS contains its
// options, the argument selects the client, and it prints the output of the agent's command.
import { Codex } from "codex-app-server";
import { Codex as DropIn } from "codex-app-server/codex-sdk";

const { cwd, ...options } = JSON.parse(process.env.OPTIONS);
const settings = { workingDirectory: cwd, sandboxMode: "danger-full-access" };

async function dropIn() {
  const thread = new DropIn(options).startThread(settings);
  const { items } = await thread.run("one");
  await thread.run("two");
  return items[0].aggregated_output;
}

async function native() {
  const codex = new Codex({ ...options, keepAlive: false });
  const thread = await codex.threadStart({
    cwd,
    sandbox: "danger-full-access",
    approvalPolicy: "never",
  });
  const { items } = await thread.run("one");
  await thread.run("two");
  return items.find(({ type }) => type === "commandExecution").aggregatedOutput;
}

const [manner] = process.argv.slice(2);
process.stdout.write(await (manner === "native" ? native() : dropIn()));
if (manner === "exits") process.exit(3);
