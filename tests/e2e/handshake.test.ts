import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Codex, CodexError, LaunchError, version } from "../../src/index.ts";
import {
  type IsolatedHome,
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
} from "../../src/testing/index.ts";
import { stdio } from "../../src/transport/stdio.ts";
import { failureOf } from "../support/e2e.ts";
import { isRunning } from "../support/processes.ts";
import { nativeBinary } from "../support/raw-client.ts";
import { recording } from "../support/recording.ts";
import { waitUntil } from "../support/wait-until.ts";

let model: ScriptedModel;
let home: IsolatedHome;

beforeAll(async () => {
  model = await ScriptedModel.start(() => "hello");
  home = await isolatedHome(scriptedConfig(model.url));
});

afterAll(async () => {
  await model.close();
  await home[Symbol.asyncDispose]();
});

/** A command line that writes its pid to a file, and then becomes this one. */
function notingPid(file: string, ...command: string[]): string[] {
  return ["/bin/sh", "-c", 'echo $$ > "$0.new" && mv "$0.new" "$0" && exec "$@"', file, ...command];
}

const readPid = (file: string): number => Number(readFileSync(file, "utf8"));

describe("a client", () => {
  test("starts its server once, no matter how many first calls race", async () => {
    const { endpoint, sent, sentOf } = recording(stdio({ env: home.env }));
    await using codex = new Codex({ transport: endpoint });
    expect(sent).toEqual([]);
    const [models, thread] = await Promise.all([codex.modelList(), codex.threadStart()]);
    expect(models.data.length).toBeGreaterThan(0);
    expect((await thread.run("hi")).text).toBe("hello");
    expect(sentOf("initialize")).toHaveLength(1);
    expect(sentOf("initialized")).toHaveLength(1);
  });

  test("has metadata only once the server is running", async () => {
    await using codex = new Codex({ env: home.env, clientName: "tests", clientVersion: "7.8" });
    expect(() => codex.metadata).toThrow(CodexError);
    expect(() => codex.metadata).toThrow("await codex.connect() first");
    await codex.connect();
    expect(codex.metadata).toEqual({
      serverInfo: { name: "tests", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      userAgent: expect.stringContaining("(tests; 7.8)"),
      codexHome: home.path,
      platformFamily: expect.stringMatching(/^(unix|windows)$/),
      platformOs: expect.any(String),
    });
  });

  test("from Codex.start is connected, and reports its own name by default", async () => {
    await using codex = await Codex.start({ env: home.env });
    expect(codex.metadata.serverInfo.name).toBe("codex-app-server");
    expect(codex.metadata.userAgent).toContain(`(codex-app-server; ${version})`);
  });

  test("passes the config to the server, for any values", async () => {
    await using codex = new Codex({
      env: home.env,
      config: {
        model: 'odd "name" \\ with = signs',
        model_reasoning_effort: "high",
        developer_instructions: "two\nlines and 'quotes'",
        sandbox_workspace_write: { network_access: true, writable_roots: ["/a b", "/c"] },
        mcp_servers: { "dotted.name": { command: "true", enabled: false, env: { K: "v=w" } } },
        hide_agent_reasoning: false,
        model_context_window: 123_456,
      },
    });
    const { config } = await codex.request("config/read", {});
    expect(config).toMatchObject({
      model: 'odd "name" \\ with = signs',
      model_reasoning_effort: "high",
      developer_instructions: "two\nlines and 'quotes'",
      sandbox_workspace_write: { network_access: true, writable_roots: ["/a b", "/c"] },
      hide_agent_reasoning: false,
      model_context_window: 123_456,
    });
    expect(config).toMatchObject({
      mcp_servers: { "dotted.name": { command: "true", enabled: false, env: { K: "v=w" } } },
    });
  });

  test("without the experimental API is refused experimental fields", async () => {
    await using codex = new Codex({ env: home.env, experimentalApi: false });
    const dynamicTools = [
      { type: "function" as const, name: "t", description: "d", inputSchema: { type: "object" } },
    ];
    await expect(codex.threadStart({ dynamicTools })).rejects.toThrow("experimentalApi");
  });
});

describe("a cold start that is aborted", () => {
  const reason = new Error("changed my mind");

  test("leaves no process of a server that never answers", async () => {
    const pidFile = path.join(home.path, "silent.pid");
    const codex = new Codex({ launchArgs: notingPid(pidFile, "sleep", "600") });
    const controller = new AbortController();
    const models = codex.modelList({ signal: controller.signal });
    const starting = failureOf(models);
    await waitUntil("the server is started", () => existsSync(pidFile));
    const pid = readPid(pidFile);
    expect(isRunning(pid)).toBe(true);
    controller.abort(reason);
    expect(await starting).toBe(reason);
    await waitUntil("the server is gone", () => !isRunning(pid));
    await codex.close();
  });

  test("leaves no process of a real server, and the next call starts another", async () => {
    const pidFile = path.join(home.path, "real.pid");
    const launchArgs = notingPid(pidFile, nativeBinary(), "app-server");
    await using codex = new Codex({ launchArgs, env: home.env });
    const controller = new AbortController();
    const starting = failureOf(codex.connect({ signal: controller.signal }));
    await waitUntil("the server is started", () => existsSync(pidFile));
    const pid = readPid(pidFile);
    controller.abort(reason);
    expect(await starting).toBe(reason);
    await waitUntil("the server is gone", () => !isRunning(pid));
    expect((await codex.modelList()).data.length).toBeGreaterThan(0);
    expect(readPid(pidFile)).not.toBe(pid);
  });

  test("by Codex.start's signal leaves none either", async () => {
    const pidFile = path.join(home.path, "start.pid");
    const controller = new AbortController();
    const starting = failureOf(
      Codex.start({ launchArgs: notingPid(pidFile, "sleep", "600"), signal: controller.signal }),
    );
    await waitUntil("the server is started", () => existsSync(pidFile));
    const pid = readPid(pidFile);
    controller.abort(reason);
    expect(await starting).toBe(reason);
    await waitUntil("the server is gone", () => !isRunning(pid));
  });
});

describe("a LaunchError", () => {
  test("names a binary that doesn't exist", async () => {
    await using codex = new Codex({ codexBin: "/no/such/codex" });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("/no/such/codex");
  });

  test("names a working directory that doesn't exist", async () => {
    await using codex = new Codex({ env: home.env, cwd: "/no/such/directory" });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("the working directory /no/such/directory doesn't exist");
  });

  test("has the output of a server that exits at its start, and the next call tries again", async () => {
    await using broken = await isolatedHome({ approval_policy: "untrusted" });
    await using codex = new Codex({ env: broken.env });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("untrusted");
    expect(error).toMatchObject({ stderr: expect.arrayContaining([expect.stringMatching(/./)]) });
    await writeFile(path.join(broken.path, "config.toml"), "");
    await codex.connect();
    expect(codex.metadata.codexHome).toBe(broken.path);
  });

  test("reports a missing CODEX_HOME with the server's message", async () => {
    const gone = await isolatedHome();
    await rm(gone.path, { recursive: true });
    await using codex = new Codex({ env: gone.env });
    const error = await failureOf(codex.modelList());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain(gone.path);
  });

  test("reports a program that isn't an app-server", async () => {
    await using codex = new Codex({
      launchArgs: [process.execPath, "-e", "console.error('not me'); process.exit(3)"],
    });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toMatch(/exited with code 3.*not me/s);
  });
});

describe("a server whose output begins with something else", () => {
  /** The real server, started by a shell that first writes this text without a line feed. */
  const after = (junk: string) => [
    "/bin/sh",
    "-c",
    `printf '${junk}'; exec "$@"`,
    "sh",
    nativeBinary(),
    "app-server",
  ];

  test.each([
    ["an escape sequence", "\\033[?2004h"],
    ["a byte order mark", "\\357\\273\\277"],
    ["a banner", "Welcome to this machine. "],
    ["a banner on lines of its own", "Welcome\\n\\nto this machine\\n"],
  ])("%s is a server like any other", async (_what, junk) => {
    await using codex = new Codex({
      launchArgs: after(junk),
      env: home.env,
      onWarning: () => {},
    });
    expect((await codex.modelList()).data.length).toBeGreaterThan(0);
  });

  test("is quoted when there is no handshake after it", async () => {
    const script = "printf '\\033[1mWelcome!\\n'; exec cat >/dev/null";
    await using codex = new Codex({
      launchArgs: ["/bin/sh", "-c", script],
      requestTimeoutMs: 300,
      onWarning: () => {},
    });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain('Unexpected output: "\\x1b[1mWelcome!"');
  });
});

describe("launchArgs that name a program only", () => {
  test.each(["", ".", "./"])("do not find it by the PATH entry %j", async (entry) => {
    const planted = path.join(home.path, "planted-codex");
    await writeFile(planted, "#!/bin/sh\n: > ran\n", { mode: 0o755 });
    const env = { ...home.env, PATH: entry };
    await using codex = new Codex({ launchArgs: ["planted-codex"], cwd: home.path, env });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain(`not in the PATH entry ${JSON.stringify(entry)}`);
    expect(existsSync(path.join(home.path, "ran"))).toBe(false);
  });

  test("find it by an absolute one", async () => {
    const env = { ...home.env, PATH: path.dirname(nativeBinary()) };
    await using codex = new Codex({ launchArgs: ["codex", "app-server"], env });
    await codex.connect();
  });
});
