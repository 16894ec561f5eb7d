import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import {
  failure,
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
} from "../../../src/testing/index.ts";
import { commandLine } from "../../support/command-line.ts";

const { place, run, configured } = commandLine();

it("uses the provider of the configuration, and continues a thread", async () => {
  const { model, env } = await configured("Hello.", "Again.");
  const first = await run(["--json", "hi"], env);
  const messages = first.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(messages[0].method).toBe("turn/started");
  expect(messages.at(-1).method).toBe("turn/completed");
  expect(first.stderr).not.toContain("script");
  const { threadId } = messages[0].params;
  expect(first.stderr).toContain(`To continue this thread: --resume ${threadId}\n`);

  const second = await run(["--resume", threadId, "--model", "gpt-5.5", "more"], env);
  expect(second).toMatchObject({ stdout: "Again.\n", code: 0 });
  expect(second.stderr).toMatch(/15 tokens: 10 in, 5 out .*\nTo continue this thread: .*\n$/);
  expect(JSON.stringify(model.requests[1]?.input)).toMatch(/hi.*Hello\..*more/);
});

it("continues the newest thread of the directory", async () => {
  const { model, env } = await configured("One.", "Two.", "Three.", "Elsewhere.", "Four.");
  const other = await mkdtemp(path.join(place.root, "other-"));
  expect(await run(["--cd", other, "--last", "hi"], env)).toMatchObject({
    stderr: expect.stringContaining("--last: there is no thread to continue in"),
    code: 2,
  });
  await run(["first"], env);
  await run(["second"], env);
  await run(["--last", "more"], env);
  await run(["--cd", other, "elsewhere"], env);
  expect(await run(["--last", "again"], env)).toMatchObject({ stdout: "Four.\n", code: 0 });
  expect(JSON.stringify(model.requests[4]?.input)).toMatch(/second.*Two\..*more.*Three\..*again/);
  expect(JSON.stringify(model.requests[4]?.input)).not.toMatch(/"(first|elsewhere)"/);
});

it("doesn't let the agent write where only an earlier command allowed it", async () => {
  const { env } = await configured("One.", "Two.");
  const other = await mkdtemp(path.join(place.root, "other-"));
  const trace = path.join(place.root, "roots.jsonl");
  const sandbox = ["--sandbox", "workspace-write"];
  const config = `sandbox_workspace_write.writable_roots=['${other}']`;
  await run([...sandbox, "--config", config, "--trace", trace, "first"], env);
  expect(await readFile(trace, "utf8")).toContain(path.basename(other));
  await run([...sandbox, "--last", "--trace", trace, "more"], env);
  const resumed = await readFile(trace, "utf8");
  expect(resumed).toContain('"thread/resume"');
  expect(resumed).not.toContain(path.basename(other));
});

it("refuses a thread that doesn't exist", async () => {
  const { env } = await configured();
  const { stderr, code } = await run(["--resume", randomUUID(), "hi"], env);
  expect(stderr).toMatch(/^codex-app-server: --resume: there is no thread /m);
  expect(code).toBe(2);
});

it("appends piped input to the prompt", async () => {
  const { model, env } = await configured("Fine.");
  await run(["review this"], { ...env, stdin: "+a line\n" });
  expect(model.requests[0]?.userText).toBe("review this\n\n<stdin>\n+a line\n</stdin>");
});

it("overrides settings as codex does: TOML values, and plain strings", async () => {
  const { model, env } = await configured("Hello.");
  await run(["-c", "model=gpt-5.4", "-c", "model_reasoning_effort='high'", "hi"], env);
  expect(model.requests[0]?.body).toMatchObject({
    model: "gpt-5.4",
    reasoning: { effort: "high" },
  });
  const bad = await run(["-c", "sandbox_mode=none", "hi"], env);
  expect(bad.stderr).toContain("unknown variant `none`");
  expect(bad.code).toBe(1);
});

it("uses an API key from the environment, and doesn't store it", async () => {
  await using model = await ScriptedModel.start(["Hello."]);
  const provider = {
    name: "OpenAI",
    base_url: model.url,
    wire_api: "responses",
    requires_openai_auth: true,
    supports_websockets: false,
  };
  await using home = await isolatedHome({
    ...scriptedConfig(model.url),
    model_providers: { scripted: provider },
  });
  const { stdout, stderr } = await run(["hi"], { ...home.env, OPENAI_API_KEY: "sk-test" });
  expect([stdout, stderr]).toEqual(["Hello.\n", expect.not.stringContaining("scripted")]);
  expect(model.requests[0]?.headers.authorization).toBe("Bearer sk-test");
  const files = readdirSync(home.path, { recursive: true, encoding: "utf8" });
  expect(files).not.toContain("auth.json");
});

it("refuses a file that isn't an image before anything is sent", async () => {
  const { model, env } = await configured("A dot.");
  const { stderr, code } = await run(["--image", "README.md", "What is this?"], env);
  expect(stderr).toMatch(/^codex-app-server: --image: "README\.md" isn't a PNG, JPEG, GIF or WebP/);
  expect(code).toBe(2);
  expect(model.requests).toHaveLength(0);
});

it("sends images along", async () => {
  const { model, env } = await configured("A dot.");
  const dot =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  await writeFile(path.join(place.project, "dot.png"), Buffer.from(dot, "base64"));
  await run(["--image", "dot.png", "What is this?"], env);
  expect(JSON.stringify(model.requests[0]?.input)).toContain("data:image/png;base64,");
});

it("shows why a turn failed, and what was retried", async () => {
  const { env } = await configured(failure(400, { error: { message: "No such model" } }));
  const { stdout, stderr, code } = await run(["hi"], env);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^The turn failed: .*No such model/m);
  expect(code).toBe(1);
});

it("ends the JSON output of a failed turn with an error", async () => {
  const { env } = await configured(failure(400, { error: { message: "No such model" } }));
  const { stdout } = await run(["--json", "hi"], env);
  const lines = stdout.trim().split("\n");
  expect(lines.slice(-2).map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ method: "turn/completed" }),
    {
      type: "error",
      code: "TURN_FAILED",
      message: expect.stringMatching(/failed: .*No such model/),
    },
  ]);
});

it("says why the server didn't start", async () => {
  const { stderr, code } = await run(["hi"], { CODEX_HOME: path.join(place.root, "none") });
  expect(stderr).toMatch(/^codex-app-server: .*CODEX_HOME/s);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});
