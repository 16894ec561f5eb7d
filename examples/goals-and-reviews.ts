// Turns that aren't started by a message: a goal, a review, a shell command, the server's own queue.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Codex } from "codex-app-server";

execFileSync("git", ["init", "--quiet"]);
writeFileSync("sum.ts", "export const sum = (a: number, b: number) => a - b;\n");

await using codex = new Codex({ config: { features: { goals: true } } });
const thread = await codex.threadStart();
const results: Promise<{ readonly status: string }>[] = [];
thread.onTurn((turn) => results.push(turn.run())); // every turn, including those that other clients start

const review = await thread.review({ type: "uncommittedChanges" });
console.log((await review.run()).text);

const shell = await thread.shell("wc -l < sum.ts");
for (const item of (await shell.run()).items) {
  if (item.type === "commandExecution") console.log(`Lines: ${item.aggregatedOutput?.trim()}`);
}

// The server starts turns until the goal is reached.
const { goal, text } = await thread.goal.run("Make sum() add.", { tokenBudget: 100_000 });
console.log(`${goal?.status}: ${text}`);

for (const { status } of await Promise.all(results)) console.log(`A turn ${status}`);
