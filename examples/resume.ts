// A thread outlives the program that started it.
import { Codex } from "codex-app-server";

const threadId = await firstProgram();
await secondProgram(threadId);

async function firstProgram(): Promise<string> {
  await using codex = new Codex();
  const thread = await codex.threadStart();
  await thread.run("The password is heron. Say only: noted.");
  await thread.setName("Secrets");
  return thread.id;
}

async function secondProgram(threadId: string): Promise<void> {
  await using codex = new Codex();

  for await (const { id, name } of codex.threads()) {
    if (id === threadId) console.log(`Found: ${name}`);
  }

  const thread = await codex.threadResume(threadId);
  const { text } = await thread.run("What is the password?");
  console.log(text);

  // A fork starts with the history so far, and continues separately.
  const fork = await thread.fork();
  await fork.run("Forget it.");

  for (const one of [thread, fork]) {
    const { thread: record } = await one.read({ includeTurns: true });
    console.log(`${one === thread ? "Thread" : "Fork"}: ${record.turns.length} turns`);
  }
}
