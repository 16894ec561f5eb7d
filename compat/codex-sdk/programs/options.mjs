import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { command } from "../../../dist/testing/index.js";

/** A program that runs one turn with these options of a thread. */
const thread = (what, options, extra = {}) => ({
  what,
  async run(stage) {
    stage.model.enqueue("Done.");
    const given = typeof options === "function" ? options(stage) : options;
    await stage.stream(stage.codex().startThread(stage.threadOptions(given)), "Go.");
  },
  ...extra,
});

/** A program that runs one turn with these options of a `Codex`. */
const codex = (what, options, extra = {}) => ({
  what,
  async run(stage) {
    stage.model.enqueue(command("echo $MY_VARIABLE $LEAK"), "Done.");
    const given = typeof options === "function" ? options(stage) : options;
    await stage.stream(stage.thread({}, given), "Go.");
  },
  ...extra,
});

export const options = [
  thread("no options but the working directory", { sandboxMode: undefined }),
  thread("the model", { model: "gpt-5.6-sol" }),
  thread("the `read-only` sandbox", { sandboxMode: "read-only" }),
  thread("the `workspace-write` sandbox", { sandboxMode: "workspace-write" }),
  thread(
    "the sandbox set in config.toml",
    { sandboxMode: undefined },
    {
      config: { sandbox_mode: "workspace-write" },
    },
  ),
  thread(
    "a permission profile set in config.toml",
    { sandboxMode: undefined },
    { config: { default_permissions: ":workspace" } },
  ),
  thread("network access in the sandbox", {
    sandboxMode: "workspace-write",
    networkAccessEnabled: true,
  }),
  thread("no network access in the sandbox", {
    sandboxMode: "workspace-write",
    networkAccessEnabled: false,
  }),
  thread("the reasoning effort", { modelReasoningEffort: "high" }),
  thread("web search by `webSearchMode`", { webSearchMode: "live" }),
  thread("web search by `webSearchEnabled`", { webSearchEnabled: true }),
  thread("web search off", { webSearchEnabled: false }),
  thread("`webSearchMode` takes precedence over `webSearchEnabled`", {
    webSearchMode: "cached",
    webSearchEnabled: false,
  }),
  thread("the approval policy `on-request`", { approvalPolicy: "on-request" }),
  thread("the approval policy `untrusted`", { approvalPolicy: "untrusted" }),
  thread("a thread source", { threadSource: "my-tool" }),
  thread("additional directories", (stage) => {
    const more = path.join(stage.cwd, "../more");
    mkdirSync(more);
    return { sandboxMode: "workspace-write", additionalDirectories: [more, "../beside"] };
  }),
  thread("a directory in a repository", (stage) => {
    const workingDirectory = path.join(stage.cwd, "inner");
    mkdirSync(workingDirectory);
    return { workingDirectory };
  }),
  thread("a link to a directory", (stage) => {
    const workingDirectory = path.join(stage.folder(), "link");
    symlinkSync(stage.cwd, workingDirectory);
    return { workingDirectory };
  }),
  thread("outside a repository, with `skipGitRepoCheck`", (stage) => ({
    workingDirectory: stage.folder(),
    skipGitRepoCheck: true,
  })),
  {
    what: "outside a repository",
    async run(stage) {
      await stage.stream(stage.thread({ workingDirectory: stage.folder() }), "Go.");
    },
  },
  {
    what: "a cyber access program",
    async run(stage) {
      stage.model.enqueue("Done.");
      await stage.stream(stage.thread(), "Go.", { cyberAccessProgram: "standard" });
    },
  },
  codex("a configuration, nested", {
    config: {
      model_reasoning_summary: "detailed",
      shell_environment_policy: { set: { MY_VARIABLE: 'a "quoted" value' } },
    },
  }),
  codex("a configuration with dotted keys and an empty table", {
    config: { "shell_environment_policy.set.MY_VARIABLE": "dotted", tools: {} },
  }),
  codex("raw configuration, which takes precedence", {
    config: { model_reasoning_effort: "low" },
    configOverrides: [
      'model_reasoning_effort="high"',
      'shell_environment_policy.set={MY_VARIABLE="raw"}',
    ],
  }),
  codex("an environment that replaces the program's", (stage) => {
    process.env.LEAK = "leaked";
    return { env: { ...stage.env, MY_VARIABLE: "mine" } };
  }),
  {
    what: "the environment of the program, without `env`",
    async run(stage) {
      const { env } = stage;
      for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
      Object.assign(process.env, env, { MY_VARIABLE: "inherited" });
      stage.model.enqueue(command("echo $MY_VARIABLE"), "Done.");
      await stage.stream(new stage.sdk.Codex().startThread(stage.threadOptions()), "Go.");
    },
  },
  {
    what: "an originator in the environment",
    async run(stage) {
      stage.model.enqueue("Done.");
      const env = { ...stage.env, CODEX_INTERNAL_ORIGINATOR_OVERRIDE: "my_program" };
      await stage.stream(stage.thread({}, { env }), "Go.");
    },
  },
  {
    what: "an API key and a base URL, with the OpenAI provider",
    config: { model_provider: "openai" },
    async run(stage) {
      stage.model.enqueue("Done.");
      const { url } = stage.model;
      await stage.stream(stage.thread({}, { apiKey: "sk-scripted", baseUrl: url }), "Go.");
    },
  },
  {
    what: "an API key in the environment",
    config: { model_provider: "openai" },
    async run(stage) {
      stage.model.enqueue("Done.");
      const env = { ...stage.env, CODEX_API_KEY: "sk-scripted" };
      await stage.stream(stage.thread({}, { env, baseUrl: stage.model.url }), "Go.");
    },
  },
];
