// Stored threads: search, pages of history, going back, deleting.
import { Codex } from "codex-app-server";

await using codex = new Codex();

const thread = await codex.threadStart();
for (const city of ["Oslo", "Lima", "Pune"]) await thread.run(`Remember ${city}.`);

for await (const { thread: found, snippet } of codex.searchThreads("Lima")) {
  console.log(`${found.id === thread.id ? "This thread" : found.id}: ${snippet.includes("Lima")}`);
}

// Newest first, as a chat loads it when the user scrolls up.
for await (const turn of thread.turns({ sortDirection: "desc", limit: 2 })) {
  const message = turn.items.find((item) => item.type === "agentMessage");
  console.log(message?.type === "agentMessage" ? message.text : "");
}

// Removes the last two turns from the history. Files don't change.
await thread.rollback(2);
console.log((await thread.run("Which cities do you remember?")).text);

await thread.delete();
