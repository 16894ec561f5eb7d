import { Codex } from "codex-app-server";

await using codex = new Codex();
const thread = await codex.threadStart({
  model: "gpt-5.5",
  config: { model_reasoning_effort: "high" },
});
const result = await thread.run("Say hello in one sentence.");
console.log(result.text);
