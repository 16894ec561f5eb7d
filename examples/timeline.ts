// A thread in a form that is ready to render: live, read from the history, and as Markdown.
import { Codex } from "codex-app-server";
import { type Entry, toMarkdown } from "codex-app-server/timeline";

await using codex = new Codex({ approvals: "accept" });
const thread = await codex.threadStart({ sandbox: "danger-full-access" });

// Live: called at most once per iteration of the event loop, no matter how many deltas arrive.
using timeline = await thread.timeline();
let drawn = timeline.snapshot;
timeline.subscribe(() => {
  for (const turn of timeline.snapshot.turns) {
    const before = drawn.turns.find(({ id }) => id === turn.id);
    if (turn === before) continue; // unchanged parts are the same objects
    const changed = turn.entries.filter((entry) => !before?.entries.includes(entry));
    for (const entry of changed) if (entry.state !== "running") console.log(line(entry));
  }
  drawn = timeline.snapshot;
});
await thread.run("Write a haiku about tea into tea.txt, and count its words.");

// The same from the history, as after a page reload.
using again = await thread.timeline();
console.log(
  again.snapshot.turns
    .flatMap(({ entries }) => entries)
    .map(({ kind }) => kind)
    .join(", "),
);

// For an issue or an export.
console.log(
  toMarkdown(again.snapshot)
    .split("\n")
    .filter((text) => text.startsWith("**"))
    .join("\n"),
);

function line(entry: Entry): string {
  switch (entry.kind) {
    case "userMessage":
      return `> ${entry.text}`;
    case "assistant":
      return entry.text;
    case "command":
      return `$ ${entry.command} → exit ${entry.exitCode}: ${entry.output.head.trim()}`;
    case "fileChange":
      return entry.files.map(({ kind, added, removed }) => `${kind} +${added} -${removed}`).join();
    default:
      return `(${entry.kind})`;
  }
}
