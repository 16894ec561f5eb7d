// A program that blocks in a turn. OPTIONS contains the options of its client, the argument selects
// what else it does, and it prints what happens.
import { writeSync } from "node:fs";
import { CodexSync } from "codex-app-server/sync";

const [manner] = process.argv.slice(2);
const say = (words) => writeSync(1, `${words}\n`);
const codex = new CodexSync({
  ...JSON.parse(process.env.OPTIONS),
  approvals: { command: () => process.exit(7) },
});
const thread = codex.threadStart({ approvalPolicy: "on-request" });
if (manner === "listens") process.on("SIGINT", () => say("listener"));
if (manner === "forgets") {
  const [first] = thread.turn("hi").stream();
  say(first.method);
} else if (manner === "measures") {
  const words = thread.turn("hi").textStream();
  words.next();
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  words.next();
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - start;
  say(JSON.stringify({ ms, share: (user + system) / 1_000 / ms }));
  codex.close();
} else {
  try {
    say(thread.run("hi").status);
  } catch (error) {
    say(`${error.name}: ${error.message}`);
    // This would wait for the first turn if it were still running.
    say(thread.run("again", { timeoutMs: 20_000 }).text);
    codex.close();
  }
}
