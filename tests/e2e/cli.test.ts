import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text as readAll } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  command,
  failure,
  Gate,
  isolatedHome,
  patch,
  type Reply,
  reply,
  ScriptedModel,
  scriptedConfig,
  text,
} from "../../src/testing/index.ts";
import { isRunning } from "../support/processes.ts";
import { waitUntil } from "../support/wait-until.ts";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const prompt = "List the files here and say what this project is";

/** Directory of one test: a project, an empty CODEX_HOME, and where temporary files go. */
let place: { project: string; home: string; tmp: string; root: string };
const undo: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  const root = await mkdtemp(path.join(tmpdir(), "cli-"));
  undo.push(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const [project, home, tmp] = await Promise.all(
    ["project-", "home-", "tmp-"].map((name) => mkdtemp(path.join(root, name))),
  );
  place = { project, home, tmp, root } as typeof place;
  await writeFile(path.join(place.project, "README.md"), "# Kettle\n\nIt boils water.\n");
});
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { CODEX_API_KEY: _codex, OPENAI_API_KEY: _openai, ...rest } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: place.project,
    env: { ...rest, NO_COLOR: "1", CODEX_HOME: place.home, TMPDIR: place.tmp, ...env },
  });
  undo.push(async () => child.kill("SIGKILL"));
  const result = Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, "exit")]);
  return {
    child,
    ended: result.then(([stdout, stderr, [code]]) => ({ stdout, stderr, code: code as number })),
  };
}

function run(args: readonly string[], { stdin = "", ...env }: NodeJS.ProcessEnv = {}) {
  const { child, ended } = start(args, env);
  child.stdin.end(stdin);
  return ended;
}

/** What the command made among the temporary files and did not remove; the server's sandbox leaves its own. */
function leftBehind(): string[] {
  return readdirSync(place.tmp).filter((name) => /^codex-(home|cwd)-/.test(name));
}

/** A CODEX_HOME whose configuration names a provider: what counts as credentials. */
async function configured(...script: readonly Reply[]) {
  const model = await ScriptedModel.start(script);
  undo.push(() => model.close());
  const home = await isolatedHome(scriptedConfig(model.url));
  undo.push(async () => home[Symbol.asyncDispose]());
  return { model, env: { ...home.env } };
}

describe("without credentials", () => {
  it("fails, because no one would notice that the replies are scripted", async () => {
    const { stdout, stderr, code } = await run(["hi"]);
    expect(stderr).toMatch(/^codex-app-server: no Codex login or API key was found\./);
    expect(stderr).toContain("npx @openai/codex login");
    expect(stderr).toContain("--scripted");
    expect([stdout, code]).toEqual(["", 1]);
    expect(JSON.parse((await run(["--json", "hi"])).stdout)).toEqual({
      type: "error",
      code: "LOGIN_MISSING",
      message: expect.stringContaining("no Codex login"),
    });
  });
});

describe("--scripted", () => {
  it("runs the agent loop on the project with a scripted model", async () => {
    const { stdout, stderr, code } = await run(["--scripted", prompt]);
    expect(stdout).toBe(
      [
        "I'll look at the files here first.",
        "There is one entry here: README.md.",
        "The project is Kettle.",
        "Its README.md says: It boils water.",
        "(Source: README.md.)\n",
      ].join("\n\n"),
    );
    expect(stderr).toMatch(/^The replies come from a script, everything else is real\.\n/);
    expect(stderr).toMatch(/\n\$ ls\n {2}README\.md\n {2}exit 0 · [\d.]+ m?s\n/);
    expect(stderr).toMatch(
      /\n\$ cat README\.md\n {2}# Kettle\n {2}\n {2}It boils water\.\n {2}exit 0/,
    );
    expect(stderr).toMatch(/\n\d+ tokens: \d+ in, \d+ out · [\d.]+ m?s\n$/);
    expect(code).toBe(0);
    expect(leftBehind()).toEqual([]);
  });

  it("takes the prompt from stdin, and answers another one", async () => {
    const { stdout, code } = await run(["--scripted"], { stdin: "Good morning!\n" });
    expect(stdout).toMatch(/^You said: Good morning!\n\nI am a script/);
    expect(code).toBe(0);
  });

  it("declines to write a file if there is no user to ask", async () => {
    const { stdout, stderr, code } = await run(["--scripted", "write a file notes.txt"]);
    expect(stderr).toMatch(
      /\nAdd notes\.txt \(\+1 -0\)\n {2}\+Written by .*\n {2}Declined: there is no terminal to ask on: .*notes\.txt\n {2}declined\n/,
    );
    expect(stdout).toContain("I didn't write notes.txt: patch rejected by user");
    expect(readdirSync(place.project)).toEqual(["README.md"]);
    expect(code).toBe(0);
  });

  it("writes a file where it is allowed to, and doesn't overwrite an existing one", async () => {
    const args = ["--scripted", "--sandbox", "danger-full-access", "write a file notes.txt"];
    expect((await run(args)).stdout).toContain("I wrote notes.txt.");
    const file = path.join(place.project, "notes.txt");
    expect(await readFile(file, "utf8")).toBe(
      "Written by the scripted model of codex-app-server.\n",
    );
    expect((await run(args)).stdout).toContain("notes.txt already exists");
  });
});

describe("with credentials", () => {
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

  it("also writes the answer to a file, which a failed turn leaves empty", async () => {
    const { env } = await configured(
      reply(text("Let me see.", { phase: "commentary" }), text("Done.")),
      failure(400, { error: { message: "No such model" } }),
    );
    const file = path.join(place.project, "answer.txt");
    await run(["-o", "answer.txt", "hi"], env);
    expect(await readFile(file, "utf8")).toBe("Done.");
    expect((await run(["-o", "answer.txt", "hi"], env)).code).toBe(1);
    expect(await readFile(file, "utf8")).toBe("");
  });

  it("doesn't write the answer through a link, whether it existed before the turn or the agent created it", async () => {
    const full = { ...(await configured(command("ln -sf ../victim answer.txt"), "evil")).env };
    const victim = path.join(place.root, "victim");
    await writeFile(victim, "mine");
    const args = ["-s", "danger-full-access", "-a", "never", "-o", "answer.txt", "hi"];
    const replaced = await run(args, full);
    expect(replaced.stderr).toContain('"answer.txt" was replaced during the turn');
    expect(replaced.code).toBe(2);
    expect(await readFile(victim, "utf8")).toBe("mine");
    const planted = await run(args, full);
    expect(planted.stderr).toContain('"answer.txt" is a symbolic link');
    expect(planted.code).toBe(2);
    expect(await readFile(victim, "utf8")).toBe("mine");
  });

  it("doesn't write the answer through a link to another folder", async () => {
    const { env } = await configured("evil", "fine");
    const { project, root } = place;
    await mkdir(path.join(root, "outside"));
    await mkdir(path.join(project, "inside"));
    await symlink("../outside", path.join(project, "out"));
    await symlink("inside", path.join(project, "in"));
    const refused = await run(["-o", "out/answer.txt", "hi"], env);
    expect(refused.stderr).toMatch(
      /"out\/answer.txt" is behind a link, and its real folder is \S+outside: /,
    );
    expect(refused.code).toBe(2);
    expect(await readdir(path.join(root, "outside"))).toEqual([]);
    await run(["-o", "in/answer.txt", "hi"], env);
    expect(await readFile(path.join(project, "inside", "answer.txt"), "utf8")).toBe("evil");
  });

  it("requires an answer that matches a schema", async () => {
    const { model, env } = await configured('{"ok":true}', '{"ok":1}');
    const schema = {
      type: "object",
      properties: { ok: { type: "boolean" } },
      required: ["ok"],
      additionalProperties: false,
    };
    await writeFile(path.join(place.project, "schema.json"), JSON.stringify(schema));
    const args = ["--json", "--output-schema", "schema.json", "hi"];
    expect((await run(args, env)).code).toBe(0);
    expect(model.requests[0]?.body).toMatchObject({ text: { format: { schema } } });
    const { stdout, stderr, code } = await run(args, env);
    expect(stderr).toContain("doesn't match its output schema: ok: ");
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      type: "error",
      code: "OUTPUT_INVALID",
    });
    expect(code).toBe(1);
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
    const model = await ScriptedModel.start(["Hello."]);
    undo.push(() => model.close());
    const provider = {
      name: "OpenAI",
      base_url: model.url,
      wire_api: "responses",
      requires_openai_auth: true,
      supports_websockets: false,
    };
    const home = await isolatedHome({
      ...scriptedConfig(model.url),
      model_providers: { scripted: provider },
    });
    undo.push(async () => home[Symbol.asyncDispose]());
    const { stdout, stderr } = await run(["hi"], { ...home.env, OPENAI_API_KEY: "sk-test" });
    expect([stdout, stderr]).toEqual(["Hello.\n", expect.not.stringContaining("scripted")]);
    expect(model.requests[0]?.headers.authorization).toBe("Bearer sk-test");
    const files = readdirSync(home.path, { recursive: true, encoding: "utf8" });
    expect(files).not.toContain("auth.json");
  });

  it("refuses a file that isn't an image before anything is sent", async () => {
    const { model, env } = await configured("A dot.");
    const { stderr, code } = await run(["--image", "README.md", "What is this?"], env);
    expect(stderr).toMatch(
      /^codex-app-server: --image: "README\.md" isn't a PNG, JPEG, GIF or WebP/,
    );
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
});

describe("endings", () => {
  const sleeper = command('echo $$ > "$PIDFILE"; exec sleep 600', {
    args: { login: false, yield_time_ms: 30_000 },
  });

  async function sleeping() {
    const { env } = await configured(sleeper);
    const pidFile = path.join(place.project, "pid");
    const { child, ended } = start(["--sandbox", "danger-full-access", "sleep"], {
      ...env,
      PIDFILE: pidFile,
    });
    child.stdin.end();
    await waitUntil("the command runs", () => readdirSync(place.project).includes("pid"));
    let pid = 0;
    await waitUntil("its pid is written", () => {
      pid = Number(readFileSync(pidFile, "utf8"));
      return pid > 0;
    });
    return { child, ended, pid };
  }

  it("Ctrl-C interrupts the turn and ends its commands", async () => {
    const { child, ended, pid } = await sleeping();
    child.kill("SIGINT");
    const { stderr, code } = await ended;
    expect(stderr).toMatch(/Interrupting the turn[\s\S]*\nInterrupted\.\n/);
    expect(code).toBe(130);
    expect(isRunning(pid)).toBe(false);
  });

  it("SIGTERM ends the command line and the turn's commands", async () => {
    const { child, ended, pid } = await sleeping();
    child.kill("SIGTERM");
    expect((await ended).code).toBe(143);
    expect(isRunning(pid)).toBe(false);
  });

  it("ends quietly when its reader goes away", async () => {
    const gate = new Gate();
    const { model, env } = await configured(
      reply("First line\n", gate, text(["more\n", gate, "never"])),
    );
    const { child, ended } = start(["hi"], env);
    ended.catch(() => {});
    child.stdin.end();
    await once(child.stdout, "data");
    child.stdout.destroy();
    gate.open();
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(0);
    await model.requests[0]?.ended;
    expect(leftBehind()).toEqual([]);
  });
});

describe("approvals in a pipe", () => {
  it("are declined, one by one, and the turn continues", async () => {
    const add = "*** Begin Patch\n*** Add File: x\n+x\n*** End Patch";
    const { env } = await configured(command("date", { escalate: "To know" }), patch(add), "Done.");
    const { stdout, stderr, code } = await run(
      ["--sandbox", "read-only", "--approval-policy", "on-request", "go"],
      env,
    );
    expect(stdout).toBe("Done.\n");
    expect(
      stderr.match(/Declined: there is no terminal to ask on: .*\n {2}declined\n/g),
    ).toHaveLength(2);
    expect(stderr).toContain("$ date\n");
    expect(code).toBe(0);
  });
});

describe("usage", () => {
  it.each([
    [["--help"], 0, /^Usage: codex-app-server/, /^$/],
    [["--version"], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [["--colour", "hi"], 2, /^$/, /Unknown option '--colour'[\s\S]*--help/],
    [[], 2, /^$/, /the prompt on stdin is empty/],
    [["exec", "hi"], 2, /^$/, /"exec" is a command of codex, not a prompt/],
    [["--json", "exec", "hi"], 2, /^\{"type":"error","code":"USAGE","message":".*"\}\n$/, /exec/],
  ])("%j", async (args, exitCode, out, err) => {
    const { stdout, stderr, code } = await run(args);
    expect([stdout, stderr, code]).toEqual([
      expect.stringMatching(out),
      expect.stringMatching(err),
      exitCode,
    ]);
  });

  it("stops reading an endless prompt on stdin", async () => {
    const { child, ended } = start(["-"]);
    const piece = "endless ".repeat(2 ** 13);
    child.stdin.on("error", () => {});
    const write = () => {
      while (child.stdin.writable && child.stdin.write(piece));
    };
    child.stdin.on("drain", write);
    write();
    const { stderr, code } = await ended;
    expect(stderr).toContain("the text on stdin is longer than 1048576 characters");
    expect(code).toBe(2);
  });
});
