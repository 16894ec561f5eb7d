import path from "node:path";

/**
 * A program that runs a turn with these options of a `Codex`, which fails before the model is
 * called.
 */
const refused = (what, codexOptions, extra = {}) => ({
  what,
  async run(stage) {
    await stage.attempt("constructor", () => stage.codex(codexOptions));
    await stage.attempt("run", () => stage.thread({}, codexOptions).run("Hello."));
  },
  ...extra,
});

const WORDS = { where: /\.message$/, says: "The message is worded differently." };

export const invalid = [
  {
    what: "an `outputSchema` that isn't an object",
    async run(stage) {
      for (const outputSchema of ["text", 1, [], null, true]) {
        await stage.run(stage.thread(), "Hello.", { outputSchema });
      }
    },
  },
  {
    what: "an input without text",
    async run(stage) {
      for (const input of ["", []]) await stage.run(stage.thread(), input);
    },
  },
  {
    what: "a sandbox that doesn't exist",
    async run(stage) {
      await stage.run(stage.thread({ sandboxMode: "cardboard" }), "Hello.");
    },
  },
  {
    what: "a web search mode that doesn't exist",
    async run(stage) {
      await stage.run(stage.thread({ webSearchMode: "sometimes" }), "Hello.");
    },
  },
  {
    what: "an approval policy that doesn't exist",
    async run(stage) {
      await stage.run(stage.thread({ approvalPolicy: "sometimes" }), "Hello.");
    },
  },
  {
    what: "a working directory that doesn't exist",
    async run(stage) {
      await stage.run(
        stage.thread({ workingDirectory: path.join(stage.cwd, "nowhere") }),
        "Hello.",
      );
    },
  },
  {
    what: "a program that doesn't exist",
    async run(stage) {
      const codexPathOverride = path.join(stage.cwd, "codex");
      await stage.attempt("run", () => stage.thread({}, { codexPathOverride }).run("Hello."));
      await stage.stream(stage.thread({}, { codexPathOverride }), "Hello.");
    },
  },
  refused("a configuration with null", { config: { a: { b: null } } }, { differs: [WORDS] }),
  refused("a configuration with NaN", { config: { a: [1, Number.NaN] } }, { differs: [WORDS] }),
  refused("a configuration with a function", { config: { a: () => {} } }, { differs: [WORDS] }),
  refused("a configuration with an empty key", { config: { a: { "": 1 } } }, { differs: [WORDS] }),
  refused("a configuration that is a list", { config: [] }, { differs: [WORDS] }),
  refused("a setting of the wrong type", { config: { tools: { update_plan: true } } }),
  refused("a raw setting without a value", { configOverrides: ["nonsense"] }),
];
