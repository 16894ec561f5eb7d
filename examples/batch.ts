// Answers every line of tasks.txt, four at a time. A second run continues with the missing ones.
import { appendFile, readFile } from "node:fs/promises";
import { Codex, retryOnOverload } from "codex-app-server";

const AT_ONCE = 4;
const stop = new AbortController();
process.once("SIGINT", () => stop.abort(new Error("Stopped by Ctrl-C")));

const finished = new Set((await linesOf("results.jsonl")).map((line) => JSON.parse(line).task));
const tasks = (await linesOf("tasks.txt")).filter((task) => !finished.has(task));
const progress = { done: 0, failed: 0, tokens: 0 };

await using codex = new Codex({ approvals: "decline" });

/** Resolves with the number of tokens used. */
async function answer(task: string): Promise<number> {
  const thread = await codex.threadStart({ ephemeral: true, sandbox: "read-only" });
  const result = await retryOnOverload(async () => {
    const run = await thread.run(task, { signal: stop.signal, timeoutMs: 10 * 60_000 });
    return run.throwIfFailed();
  });
  await appendFile("results.jsonl", `${JSON.stringify({ task, text: result.text })}\n`);
  return result.usage?.tokenUsage.total.totalTokens ?? 0;
}

const queue = tasks.values();
async function work(): Promise<void> {
  for (const task of queue) {
    if (stop.signal.aborted) return;
    try {
      const tokens = await answer(task);
      progress.tokens += tokens;
      progress.done++;
    } catch (error) {
      progress.failed++;
      console.log(`${task}: ${error instanceof Error ? error.message : error}`);
    }
    const { done, failed, tokens } = progress;
    console.log(`${done} of ${tasks.length} done, ${failed} failed, ${tokens} tokens`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
if (progress.done < tasks.length) process.exitCode = 1;

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}
