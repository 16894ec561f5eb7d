// The agent asks before it leaves its sandbox; this program answers.
import { readFile } from "node:fs/promises";
import { Codex, escapeLine, escapeVisible } from "codex-app-server";

// Compare the complete command: one that merely begins like this can do anything.
const ALLOWED = /^(?:\/usr)?\/bin\/\w+ -l?c uname$/;

await using codex = new Codex({
  approvals: {
    // A rule can take as long as it needs: ask the user, call a service, use the client itself.
    command: ({ command, reason }) => {
      const decision = ALLOWED.test(command ?? "") ? "accept" : "decline";
      // The model writes both. They can contain characters that a terminal hides or interprets.
      console.log(`${decision} the command ${escapeLine(`${command} (${reason})`)}`);
      return decision;
    },
    // The diff is in the item that the approval belongs to.
    fileChange: (_params, { item }) => {
      if (item?.type !== "fileChange") return "decline";
      for (const { diff } of item.changes)
        console.log(`accept the change ${escapeVisible(diff.trim())}`);
      return "accept";
    },
    permissions: "decline",
  },
});

const thread = await codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
const { items, text } = await thread.run(
  "Ask for each step to run outside the sandbox: print your host's kernel with uname; " +
    "remove the folder build; write a poem of one line to poem.txt by a patch.",
);

for (const item of items) {
  if (item.type === "commandExecution") console.log(`${escapeLine(item.command)}: ${item.status}`);
}
console.log(text);
console.log(await readFile("poem.txt", "utf8"));
