import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Codex, type ThreadOptions } from "../../../src/codex-sdk/index.ts";
import { findCodexBinary } from "../../../src/process/find-binary.ts";
import { command, type ModelRequest } from "../../../src/testing/index.ts";
import { dropIn } from "../../support/codex-sdk.ts";
import { failureOf } from "../../support/e2e.ts";
import { png } from "../../support/sample-images.ts";

/** What a header of the server's requests contains about the turn. */
function metadataOf(request: ModelRequest | undefined): Record<string, unknown> {
  return JSON.parse(String(request?.headers["x-codex-turn-metadata"]));
}

/** The whole conversation that the model receives. */
function textOf(request: ModelRequest | undefined): string {
  return JSON.stringify(request?.input);
}

async function requestWith(options: ThreadOptions): Promise<ModelRequest> {
  const { thread, model } = await dropIn(["Done."]);
  await thread(options).run("Go.");
  return model.requests[0] as ModelRequest;
}

test("by default, a thread is read-only and never asks for approval", async () => {
  const request = await requestWith({});
  expect(metadataOf(request).sandbox_mode).toBe("read-only");
  expect(metadataOf(request).thread_source).toBe("user");
  expect(textOf(request)).toContain("Approval policy is currently never");
  expect(request.headers.originator).toBe("codex_sdk_ts");
});

test.each([
  ["a folder that contains the repository", "..", ".", "read-only"],
  ["the repository", ".", ".", "workspace-write"],
  ["the repository, when a folder in it is used", ".", "docs", "workspace-write"],
])("trust in %s", async (_name, trusted, used, sandbox) => {
  const { thread, model, home, cwd } = await dropIn(["Done."]);
  const key = JSON.stringify(path.resolve(cwd, trusted));
  appendFileSync(path.join(home, "config.toml"), `\n[projects.${key}]\ntrust_level = "trusted"\n`);
  const workingDirectory = path.join(cwd, used);
  mkdirSync(workingDirectory, { recursive: true });
  await thread({ workingDirectory }).run("Go.");
  expect(metadataOf(model.requests[0]).sandbox_mode).toBe(sandbox);
});

test("model and sandbox of a thread apply to its turns, and no project becomes trusted", async () => {
  const { thread, model, home } = await dropIn(["Done."]);
  await thread({ model: "gpt-5.6-sol", sandboxMode: "workspace-write" }).run("Go.");
  expect(metadataOf(model.requests[0])).toMatchObject({
    model: "gpt-5.6-sol",
    sandbox_mode: "workspace-write",
  });
  expect(readFileSync(path.join(home, "config.toml"), "utf8")).not.toContain("trust_level");
});

test("modelReasoningEffort", async () => {
  const request = await requestWith({ modelReasoningEffort: "high" });
  expect(metadataOf(request).reasoning_effort).toBe("high");
});

test.each([
  [true, "enabled"],
  [false, "restricted"],
])("networkAccessEnabled: %s", async (networkAccessEnabled, access) => {
  const request = await requestWith({ sandboxMode: "workspace-write", networkAccessEnabled });
  expect(textOf(request)).toContain(`Network access is ${access}`);
});

test.each([
  [{ webSearchEnabled: true }, true],
  [{ webSearchEnabled: false }, false],
  [{ webSearchMode: "live" }, true],
  [{ webSearchMode: "disabled", webSearchEnabled: true }, false],
  [{ webSearchMode: "live", webSearchEnabled: false }, true],
] as const)("%o", async (options, isOffered) => {
  const request = await requestWith(options);
  expect(request.tools.includes("web_search")).toBe(isOffered);
});

test("approvalPolicy is accepted, and nothing is asked", async () => {
  const request = await requestWith({ approvalPolicy: "on-request" });
  expect(textOf(request)).toContain("Approval policy is currently never");
});

test("threadSource labels a thread", async () => {
  expect(metadataOf(await requestWith({ threadSource: "my-tool" })).thread_source).toBe("my-tool");
});

test("additionalDirectories of earlier runs can't be written to", async () => {
  const { codex, cwd } = await dropIn(["Done.", "Done.", "Done."]);
  const other = temporaryFolder();
  const sdk = codex();
  const options = { workingDirectory: cwd, sandboxMode: "workspace-write" } as const;
  const first = sdk.startThread({ ...options, additionalDirectories: [other] });
  const rootsAfterRun = async (thread: typeof first) => {
    await thread.run("Go.");
    const threadId = String(thread.id);
    const answer = await sdk.native().request("thread/resume", { threadId });
    return answer.runtimeWorkspaceRoots;
  };
  expect(await rootsAfterRun(first)).toEqual([cwd, other]);
  expect(await rootsAfterRun(sdk.resumeThread(String(first.id), options))).toEqual([cwd]);
  expect(await rootsAfterRun(first)).toEqual([cwd, other]);
});

test("additionalDirectories can be written to", async () => {
  const other = temporaryFolder();
  const request = await requestWith({
    sandboxMode: "workspace-write",
    additionalDirectories: [other, "../beside"],
  });
  expect(textOf(request)).toContain(other);
  expect(textOf(request)).toContain("/beside");
});

test("env replaces the environment of this process", async () => {
  const { thread, model, env } = await dropIn([command("echo $LEAK-$CUSTOM"), "Done."]);
  process.env.LEAK = "leaked";
  onTestFinished(() => {
    delete process.env.LEAK;
  });
  const options = { env: { ...env, CUSTOM: "custom" } };
  await thread({ sandboxMode: "danger-full-access" }, options).run("Go.");
  expect(model.requests[1]?.lastOutput).toContain("-custom");
  expect(model.requests[1]?.lastOutput).not.toContain("leaked");
});

test("config and configOverrides are settings of the server, in this order", async () => {
  const { thread, model } = await dropIn(["Done."]);
  const config = {
    model_reasoning_effort: "low",
    model_reasoning_summary: "detailed",
    "shell_environment_policy.set": { A: 'a "quoted" value' },
  };
  await thread({}, { config, configOverrides: ['model_reasoning_effort="high"'] }).run("Go.");
  expect(model.requests[0]?.body.reasoning).toMatchObject({ effort: "high", summary: "detailed" });
});

test("apiKey and baseUrl are used for the provider of OpenAI, and the key is stored nowhere", async () => {
  const { thread, model, home } = await dropIn(["Done."], { model_provider: "openai" });
  await thread({}, { apiKey: "sk-scripted", baseUrl: model.url }).run("Go.");
  expect(model.requests[0]?.headers.authorization).toBe("Bearer sk-scripted");
  expect(() => readFileSync(path.join(home, "auth.json"))).toThrow();
});

test("images are sent before the text", async () => {
  const { thread, model, cwd } = await dropIn(["A picture."]);
  const image = path.join(cwd, "picture.png");
  writeFileSync(image, png());
  await thread().run([
    { type: "text", text: "What is this?" },
    { type: "local_image", path: image },
  ]);
  const content = model.requests[0]?.input.at(-1)?.content as { type: string }[];
  const types = content.map(({ type }) => type);
  expect(types.indexOf("input_image")).toBeLessThan(types.lastIndexOf("input_text"));
});

test("a directory outside a Git repository is refused, unless the check is skipped", async () => {
  const { thread, model } = await dropIn(["Done."]);
  const workingDirectory = temporaryFolder();
  const error = await failureOf(thread({ workingDirectory }).run("Go."));
  expect(error.message).toContain("Not inside a trusted directory");
  expect(model.requests).toHaveLength(0);
  const { finalResponse } = await thread({ workingDirectory, skipGitRepoCheck: true }).run("Go.");
  expect(finalResponse).toBe("Done.");
});

test.each([
  ["workingDirectory", { workingDirectory: "/no/such/directory" }, "doesn't exist"],
  ["sandboxMode", { sandboxMode: "cardboard" as "read-only" }, "must be read-only"],
  ["webSearchMode", { webSearchMode: "sometimes" as "live" }, "unknown variant"],
  ["approvalPolicy", { approvalPolicy: "sometimes" as "never" }, "unknown variant"],
])("an invalid %s", async (_, options, why) => {
  const { thread } = await dropIn();
  const error = await failureOf(thread(options).run("Go."));
  expect(error.message).toMatch(/^Codex Exec exited with code \d: /);
  expect(error.message).toContain(why);
});

test.each([["text"], [1], [[]], [null]])("an outputSchema that is %o", async (outputSchema) => {
  const { thread } = await dropIn();
  const error = await failureOf(thread().run("Go.", { outputSchema }));
  expect(error.message).toBe("outputSchema must be a plain JSON object");
});

test("bad options of a turn are refused before a thread is started", async () => {
  const { thread, model } = await dropIn();
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const refused = [
    [{ outputSchema: circular }, /^Converting circular structure to JSON/],
    [{ signal: null }, /^signal must be an AbortSignal, not null/],
    [
      { cyberAccessProgram: "red" },
      /exited with code 2: cyberAccessProgram must be one of standard/,
    ],
  ] as const;
  const conversation = thread();
  for (const [options, why] of refused) {
    expect((await failureOf(conversation.run("Go.", options as never))).message).toMatch(why);
  }
  const image = [
    { type: "local_image", path: "" },
    { type: "text", text: "Go." },
  ] as const;
  expect((await failureOf(conversation.run([...image]))).message).toMatch(/image .* no path/);
  expect(conversation.id).toBeNull();
  expect(model.requests).toHaveLength(0);
});

test("null counts as an omitted option", async () => {
  const { codex, cwd } = await dropIn(["Hi!"]);
  const settings = { workingDirectory: cwd, additionalDirectories: null };
  const client = codex({ config: null, configOverrides: null } as never);
  expect((await client.startThread(settings as never).run("Hello")).finalResponse).toBe("Hi!");
  expect(await failureOf(client.startThread(null as never).run(""))).not.toBeInstanceOf(TypeError);
});

test.each([
  [{ a: { b: null } }, "null at a.b"],
  [{ a: [1, Number.NaN] }, "number at a[1]"],
  [{ a: { "": 1 } }, "key in the config option is empty"],
  [{ a: () => {} }, "a is a function"],
])("a config that can't be written as TOML: %o", async (config, why) => {
  const { env } = await dropIn();
  const thread = new Codex({ env, config: config as never }).startThread();
  expect((await failureOf(thread.run("Go."))).message).toContain(why);
});

test("an input without text is refused", async () => {
  const { thread, model } = await dropIn();
  for (const input of ["", " \n", []]) {
    expect((await failureOf(thread().run(input))).message).toContain("no text");
  }
  expect(model.requests).toHaveLength(0);
});

test("a program that doesn't exist fails the run with ENOENT", async () => {
  const { thread } = await dropIn();
  const error = await failureOf(thread({}, { codexPathOverride: "/no/such/codex" }).run("Go."));
  expect(error).toMatchObject({ code: "ENOENT", message: "spawn /no/such/codex ENOENT" });
});

test("a program on the PATH that can't start its server isn't reported as missing", async () => {
  const { thread, env } = await dropIn();
  const binary = findCodexBinary();
  const options = {
    codexPathOverride: path.basename(binary),
    env: {
      ...env,
      PATH: `${path.dirname(binary)}${path.delimiter}${env.PATH}`,
      CODEX_HOME: "/no/such/home",
    },
  };
  const { message } = await failureOf(thread({}, options).run("Go."));
  expect(message).toMatch(/^Codex Exec exited with code 1: [\s\S]*\/no\/such\/home/);
});

test("an id that isn't a thread id starts a thread, and one that no thread has is an error", async () => {
  const { codex, cwd } = await dropIn(["New."]);
  const client = codex();
  const named = client.resumeThread("no such name", { workingDirectory: cwd });
  expect((await named.run("Go.")).finalResponse).toBe("New.");
  const id = "00000000-0000-7000-8000-000000000000";
  const error = await failureOf(client.resumeThread(id, { workingDirectory: cwd }).run("Go."));
  expect(error.message).toMatch(/^Codex Exec exited with code 1: .*no rollout found/);
});

/** A place where sandboxed commands can't write, because a killed command can leave an empty `.git` behind. */
function temporaryFolder(): string {
  const base = process.platform === "win32" ? tmpdir() : "/var/tmp";
  const folder = mkdtempSync(path.join(base, "codex-sdk-outside-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
