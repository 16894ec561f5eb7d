import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { Codex } from "../../../src/index.ts";
import { isolatedHome, ScriptedModel, scriptedConfig } from "../../../src/testing/index.ts";
import { slowTrace } from "../../support/made-traces.ts";
import { removeFolders, traceFolder } from "../../support/traces.ts";

removeFolders();

const main = path.resolve(import.meta.dirname, "../../../dist/cli/main.js");
type Env = Readonly<Record<string, string | undefined>>;

/** Starts the command, and runs `visit` with the page's address and a function that asks for what is there. */
async function inspecting(
  args: readonly string[],
  env: Env,
  visit: (fetched: (path: string) => Promise<string>) => Promise<void>,
) {
  const child = spawn(process.execPath, [main, "inspect", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = once(child, "exit");
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const link = new URL(/http:\S+/.exec(line)?.[0] ?? "");
    const body = JSON.stringify({ token: link.hash.slice(1) });
    const headers = { "content-type": "application/json" };
    const opened = await fetch(new URL("login", link), { method: "POST", headers, body });
    const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
    await visit(async (path) => (await fetch(new URL(path, link), { headers: { cookie } })).text());
  } finally {
    child.kill("SIGINT");
    // The user ends it this way: that is no failure.
    expect(await exited).toEqual([0, null]);
  }
}

test("inspect FILE serves a trace, and ends with Ctrl-C", async () => {
  const file = await slowTrace(traceFolder());
  await inspecting([file], {}, async (fetched) => {
    expect(JSON.parse(await fetched("info"))).toMatchObject({ kind: "trace", name: "run.jsonl" });
    const lines = (await fetched("trace")).trim().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ trace: "codex-app-server" });
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ event: "end" });
    expect(await fetched("api/threads")).toBe("There is nothing here");
  });
});

test("inspect starts a server of its own", async () => {
  await inspecting(["--scripted", "--cd", traceFolder()], {}, async (fetched) => {
    expect(JSON.parse(await fetched("api/threads"))).toEqual({ threads: [], cursor: null });
  });
});

test("inspect --connect shows the threads of a shared server", async () => {
  await using model = await ScriptedModel.start(() => "Hello.");
  await using home = await isolatedHome(scriptedConfig(model.url));
  await using server = await Codex.serve({ listen: "ws://127.0.0.1:0", env: home.env });
  await using codex = new Codex({ transport: server.endpoint(), onWarning: () => {} });
  const thread = await codex.threadStart();
  await thread.run("Say hello.");
  const env = { CODEX_APP_SERVER_TOKEN: server.token };
  await inspecting(["--connect", server.address], env, async (fetched) => {
    const { threads } = JSON.parse(await fetched("api/threads"));
    expect(threads).toMatchObject([{ id: thread.id, preview: "Say hello." }]);
  });
});

test("inspect explains what is wrong with its arguments", async () => {
  const wrong: [readonly string[], string][] = [
    [["missing.jsonl"], 'inspect: "missing.jsonl" doesn\'t exist'],
    [["package.json"], "is not a trace of codex-app-server"],
    [["--port", "x"], '--port must be a number up to 65535, not "x"'],
    [["--connect", "localhost"], '--connect: "localhost" isn\'t an address'],
    [
      ["--connect", "ws://127.0.0.1:1", "--scripted"],
      "--connect and --scripted exclude each other",
    ],
    [["package.json", "--connect", "ws://127.0.0.1:1"], "a trace and --connect exclude each other"],
    [["a", "b"], 'unexpected argument "b"'],
  ];
  for (const [args, message] of wrong) {
    const error = await new Promise<string>((resolve) => {
      execFile(process.execPath, [main, "inspect", ...args], (failed, _stdout, stderr) =>
        resolve(`${failed?.code} ${stderr}`),
      );
    });
    expect(error.replaceAll("\n", " ")).toContain(message);
    expect(error).toMatch(/^2 /);
  }
});
