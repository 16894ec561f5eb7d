import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { spawnAppServer } from "../../src/process/app-server-process.ts";
import { type ConfigTable, configArgs } from "../../src/process/config-args.ts";
import { findCodexBinary } from "../../src/process/find-binary.ts";
import { procTable } from "../../src/process/process-table.ts";
import { commandModel } from "../support/command-model.ts";
import { isRunning, suspend } from "../support/processes.ts";
import { rawClient } from "../support/raw-stdio.ts";
import { waitUntil } from "../support/wait-until.ts";

const binary = findCodexBinary();
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function startModel(command: (home: string) => string = () => "true") {
  const model = await commandModel(command);
  closing.push(model.close);
  return model;
}

async function start(env: Record<string, string>, config: ConfigTable = {}) {
  const args = [...configArgs(config), "app-server", "--listen", "stdio://"];
  const server = await spawnAppServer({ command: binary, args, env });
  const client = rawClient(server);
  await client.initialize();
  return { server, client };
}

/** A shell command that writes its pid to a file and sleeps. */
const sleeper = (home: string, name: string) =>
  `sh -c 'echo $$ > ${join(home, name)}; exec sleep 600'`;

async function pidFrom(home: string, name: string): Promise<number> {
  const file = join(home, name);
  await waitUntil(`${name} runs`, () => existsSync(file) && readFileSync(file, "utf8") !== "");
  return Number(readFileSync(file, "utf8"));
}

test("the server reads every setting as intended", async () => {
  const { env } = await startModel();
  const { server, client } = await start(env, {
    model: 'a "quoted" \\ name\n\t\u0001\u007fé☃😀 = [x]',
    hide_agent_reasoning: true,
    "tui.notifications": ["a", "b"],
    project_doc_max_bytes: 12345n,
    model_providers: {
      "my.own provider": { name: "n.1", http_headers: { "x-a.b": "1", 'y"': "2", "": "3" } },
    },
    mcp_servers: { plain: { command: "c", args: [], enabled: false, tool_timeout_sec: 1.5 } },
  });
  const { config, layers } = await client.request<{
    config: { model: string };
    layers: { name: { type: string }; config: unknown }[];
  }>("config/read", { includeLayers: true });
  await server.terminate();
  expect(config.model).toBe('a "quoted" \\ name\n\t\u0001\u007fé☃😀 = [x]');
  expect(layers.find(({ name }) => name.type === "sessionFlags")?.config).toEqual({
    model: 'a "quoted" \\ name\n\t\u0001\u007fé☃😀 = [x]',
    hide_agent_reasoning: true,
    tui: { notifications: ["a", "b"] },
    project_doc_max_bytes: 12345,
    model_providers: {
      "my.own provider": { name: "n.1", http_headers: { "x-a.b": "1", 'y"': "2", "": "3" } },
    },
    mcp_servers: { plain: { command: "c", args: [], enabled: false, tool_timeout_sec: 1.5 } },
  });
});

describe("terminate", () => {
  const commands = (home: string) =>
    `setsid ${sleeper(home, "own-session")} & ${sleeper(home, "background")} & ${sleeper(home, "plain")}`;

  test.each([
    ["a server that works", async () => {}, { code: 0, signal: null }],
    ["a server that hangs", suspend, { code: null, signal: "SIGKILL" }],
  ])("%s ends, and its agent's commands end with it", async (_what, before, status) => {
    const { home, env } = await startModel(commands);
    const { server, client } = await start(env);
    await client.startTurn();
    const pids = [
      await pidFrom(home, "own-session"),
      await pidFrom(home, "background"),
      await pidFrom(home, "plain"),
    ];
    await before(server.pid);
    expect(await server.terminate()).toEqual(status);
    await waitUntil("all are gone", () => !pids.some(isRunning));
  });
});

const ways = ["exits", "throws", "SIGINT", "SIGTERM", "SIGKILL"];

describe.each([
  ["a client", []],
  ["a server for others", ["serves"]],
])("a parent with %s ends it and its command when it ends by", (_what, args) => {
  test.each(ways)("%s", async (way) => {
    const { home, env } = await startModel((folder) => sleeper(folder, "command"));
    const script = fileURLToPath(new URL("../support/parent-process.mjs", import.meta.url));
    const parent = spawn(process.execPath, [script, binary, ...args], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const [output] = await once(parent.stdout, "data");
    const children = String(output).trim().split(" ").map(Number);
    const command = await pidFrom(home, "command");
    expect([...children, command].map(isRunning)).not.toContain(false);
    // A listening server is the child of a shell. Other processes may have already exited.
    const grandchildren = children.flatMap((pid) => procTable.children(pid));
    const all = [...children, ...grandchildren, command];

    if (way.startsWith("SIG")) parent.kill(way as NodeJS.Signals);
    else parent.stdin.write(way);
    await once(parent, "exit");
    await waitUntil("all are gone", () => !all.some(isRunning));
  });
});
