// What a model picker shows: names, efforts, tiers and defaults.
import { Codex } from "codex-app-server";

await using codex = new Codex();

const models = await codex.models();
const picked = models.find(({ isDefault }) => isDefault) ?? models[0];
if (picked === undefined) throw new Error("The server offers no model");

for (const { displayName, isDefault } of models.slice(0, 3)) {
  console.log(`${isDefault ? "●" : "○"} ${displayName}`);
}
const efforts = picked.supportedReasoningEfforts.map(({ reasoningEffort }) => reasoningEffort);
console.log(`Efforts: ${efforts.join(", ")}; default ${picked.defaultReasoningEffort}`);
console.log(`Tiers: ${picked.serviceTiers.map(({ name }) => name).join(", ") || "none"}`);

// The choice applies to the thread; a turn can override it.
const thread = await codex.threadStart({ model: picked.model });
const { text } = await thread.run("Say hello.", { effort: "low" });
console.log(text);
