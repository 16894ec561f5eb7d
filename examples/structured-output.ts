// Answers as values: parsed, validated and, with a schema library, typed.
import { Codex, OutputValidationError } from "codex-app-server";
import { z } from "zod";

await using codex = new Codex();
const thread = await codex.threadStart();

// This uses zod; valibot and arktype work the same way.
const Recipe = z.object({
  title: z.string(),
  minutes: z.number().int().positive(),
  steps: z.array(z.string()),
});
const recipe = await thread.run("A recipe for tea.", { outputSchema: Recipe });
const { title, minutes, steps } = recipe.throwIfFailed().output;
console.log(`${title}: ${steps.length} steps, ${minutes} minutes`);

// A plain JSON Schema: validated too, but `output` is unknown to the compiler.
const colours = await thread.run("Three colours of tea.", {
  outputSchema: {
    type: "object",
    properties: { colours: { type: "array", items: { type: "string" } } },
    required: ["colours"],
    additionalProperties: false,
  },
});
console.log(colours.output);

// An answer that doesn't match throws an error with the result and the issues.
try {
  await thread.run("A recipe that takes no time.", { outputSchema: Recipe });
} catch (error) {
  if (!(error instanceof OutputValidationError)) throw error;
  for (const { path, message } of error.issues) console.log(`${path.join(".")}: ${message}`);
  console.log(`The model said: ${error.result.text}`);
}
