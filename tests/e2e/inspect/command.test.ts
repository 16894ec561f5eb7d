import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { Codex } from "../../../src/index.ts";
import {
  command,
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
} from "../../../src/testing/index.ts";
import { TestFleet } from "../../support/fleet.ts";
import { slowTrace } from "../../support/made-traces.ts";
import { describeWithOwnRedis } from "../../support/redis.ts";
import { removeFolders, traceFolder } from "../../support/traces.ts";

removeFolders();

const main = path.resolve(import.meta.dirname, "../../../dist/cli/main.js");
type Env = Readonly<Record<string, string | undefined>>;

/** Starts the command, and runs `visit` with the page's address and a function that sends requests to it. */
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
    const { open } = await opened(line);
    await visit(async (path) => (await open(path)).text());
  } finally {
    child.kill("SIGINT");
    // The user ended the command like this, so the exit code isn't that of a failure.
    expect(await exited).toEqual([0, null]);
  }
}

/** Opens the link of a line, as a browser does. */
async function opened(line: string) {
  const link = new URL(/http:\S+/.exec(line)?.[0] ?? "");
  const body = JSON.stringify({ token: link.hash.slice(1) });
  const headers = { "content-type": "application/json" };
  const response = await fetch(new URL("login", link), { method: "POST", headers, body });
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { open: (path: string) => fetch(new URL(path, link), { headers: { cookie } }) };
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

test("inspect starts its own server", async () => {
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

describeWithOwnRedis("inspect --fleet", () => {
  test("shows a fleet, with the password and the key from variables", async () => {
    await using fleetOf = await TestFleet.start([command("echo hi", { escalate: "to see" }), "."]);
    const password = "p@ss/word?#%41:é";
    const admin = new Redis(fleetOf.redis.url);
    await admin.config("SET", "requirepass", password);
    admin.disconnect();
    const secured = new URL(fleetOf.redis.url);
    secured.password = encodeURIComponent(password);
    const encryptionKey = randomBytes(32).toString("base64");
    await fleetOf.worker({ connection: secured.href, encryptionKey });
    const fleet = fleetOf.fleet({ connection: secured.href, encryptionKey });
    await fleet.run("go", {
      ...{ thread: "issue-42", tenant: "ada" },
      threadOptions: { approvalPolicy: "on-request", sandbox: "read-only" },
    });
    for await (const _request of fleet.requests) break;
    const args = ["--fleet", fleetOf.redis.url, "--name", fleetOf.name];
    const env = { CODEX_FLEET_PASSWORD: password, CODEX_FLEET_KEY: encryptionKey };
    await inspecting(args, env, async (fetched) => {
      expect(JSON.parse(await fetched("info"))).toMatchObject({ kind: "fleet" });
      const { threads } = JSON.parse(await fetched("api/threads"));
      expect(threads).toMatchObject([{ id: "ada/issue-42", status: "active" }]);
      const { requests } = JSON.parse(await fetched("api/requests"));
      expect(requests).toMatchObject([{ kind: "command", threadId: "ada/issue-42" }]);
    });
    const otherKey = { ...env, CODEX_FLEET_KEY: randomBytes(32).toString("base64") };
    await inspecting(args, otherKey, async (fetched) => {
      const { error } = JSON.parse(await fetched("api/requests"));
      expect(error.message).toContain("it was written with a different encryptionKey");
    });
    const inAddress = ["--fleet", secured.href, "--name", fleetOf.name];
    await inspecting(inAddress, { ...env, CODEX_FLEET_PASSWORD: "unused" }, async (fetched) => {
      const { requests } = JSON.parse(await fetched("api/requests"));
      expect(requests).toHaveLength(1);
    });
  });
});

test("an inspected program ends on its own, although a page is open", async () => {
  const program = `
    import { Codex } from "codex-app-server";
    const onLink = (link) => console.log(link);
    const codex = new Codex({ keepAlive: false, inspect: { onLink }, onWarning() {} });
    const thread = await codex.threadStart();
    process.stdin.once("data", async () => {
      process.stdin.destroy();
      console.log((await thread.run("Say hello.")).text);
    });
  `;
  await using model = await ScriptedModel.start(() => "Hello.");
  await using home = await isolatedHome(scriptedConfig(model.url));
  const args = ["--input-type=module", "--eval", program];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...home.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { open } = await opened((await lines.next()).value);
  const events = await open("events");
  child.stdin.write("go\n");
  expect((await lines.next()).value).toBe("Hello.");
  expect(await exited).toEqual([0, null]);
  await events.text().catch(() => {});
});

test("inspect explains what is wrong with its arguments", async () => {
  const error = await new Promise<string>((resolve) => {
    execFile(process.execPath, [main, "inspect", "package.json"], (failed, _stdout, stderr) =>
      resolve(`${failed?.code} ${stderr.replaceAll("\n", " ")}`),
    );
  });
  expect(error).toMatch(/^2 .*inspect: .*package.json isn't a codex-app-server trace/);
});
