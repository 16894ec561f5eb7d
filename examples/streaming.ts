// A turn as it happens: every notification, or only the text.
import { Codex, escapeLine } from "codex-app-server";

await using codex = new Codex();
const thread = await codex.threadStart();

// Every notification of the turn, typed by its method.
const turn = await thread.turn("Run `echo hi`, then tell me what it printed.");
for await (const { method, params } of turn.stream()) {
  switch (method) {
    case "item/agentMessage/delta":
      process.stdout.write(params.delta);
      break;
    case "item/completed":
      if (params.item.type === "commandExecution")
        console.log(`$ ${escapeLine(params.item.command)}`);
      break;
    case "turn/completed":
      console.log(`\n[${params.turn.status}]`);
      break;
  }
}

// The result was collected while streaming: run() returns it before, during or after stream().
const { usage } = await turn.run();
console.log(`${usage?.tokenUsage.last.totalTokens} tokens in the last request`);

// Only the text of the assistant's messages.
const next = await thread.turn("Explain a mutex in one sentence.");
for await (const delta of next.textStream()) process.stdout.write(delta);
process.stdout.write("\n");
