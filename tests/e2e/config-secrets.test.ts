import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Codex, type ThreadStartOptions } from "../../src/index.ts";
import { procTable } from "../../src/process/process-table.ts";
import {
  command,
  type Scripted,
  type ScriptedOptions,
  startScripted,
} from "../../src/testing/index.ts";
import { temporaryDirectory } from "../../src/testing/temporary-directory.ts";
import { failureOf } from "../support/e2e.ts";
import { commandLines } from "../support/processes.ts";
import { waitUntil } from "../support/wait-until.ts";

const SECRET = "hunter2-hunter2-hunter2";

/** Everything that other users can see of the real server while it runs. */
function shown(): string {
  return procTable.children(process.pid).flatMap(commandLines).join("\n");
}

async function start(options: ScriptedOptions): Promise<Scripted> {
  return startScripted({ script: [command("env"), "done"], ...options });
}

async function run({ codex, model }: Scripted, config?: ThreadStartOptions["config"]) {
  const thread = await codex.threadStart({
    sandbox: "danger-full-access",
    approvalPolicy: "never",
    config,
  });
  const { status } = await thread.run("go");
  expect(status).toBe("completed");
  const [first, second] = model.requests;
  const { stdout } = await codex.request("command/exec", { command: ["env"] });
  return { headers: first?.headers ?? {}, env: `${second?.lastOutput}\n${stdout}` };
}

describe("a secret in config reaches the real server, and neither its command line nor its commands", () => {
  it("the token of a provider", async () => {
    const provider = { experimental_bearer_token: SECRET };
    await using scripted = await start({ config: { model_providers: { scripted: provider } } });
    const lines = shown();
    const { headers, env } = await run(scripted);
    expect(headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(lines).toContain("model_providers.scripted.env_key=");
    expect([lines.includes(SECRET), env.includes(SECRET)]).toEqual([false, false]);
    expect(env).toContain("PATH=");
  });

  it("the headers of a provider, by dotted paths", async () => {
    const config = {
      "model_providers.scripted.http_headers": {
        Authorization: `Basic ${SECRET}`,
        "x-a.b": SECRET,
      },
    };
    await using scripted = await start({ config });
    const lines = shown();
    const { headers, env } = await run(scripted);
    expect(headers).toMatchObject({ authorization: `Basic ${SECRET}`, "x-a.b": SECRET });
    expect([lines.includes(SECRET), env.includes(SECRET)]).toEqual([false, false]);
  });

  it("the variables of an MCP server", async () => {
    await using folder = await temporaryDirectory("codex-mcp-");
    const [server, seen] = [join(folder.path, "server.mjs"), join(folder.path, "env.json")];
    writeFileSync(
      server,
      `import { renameSync, writeFileSync } from "node:fs";
      writeFileSync(${JSON.stringify(`${seen}.new`)}, JSON.stringify(process.env));
      renameSync(${JSON.stringify(`${seen}.new`)}, ${JSON.stringify(seen)});
      process.stdin.resume();`,
    );
    const env = { MY_TOKEN: SECRET, MODE: "fast" };
    const mcp = { command: process.execPath, args: [server], env, startup_timeout_sec: 1 };
    await using scripted = await start({ config: { mcp_servers: { mine: mcp } } });
    const lines = shown();
    const result = await run(scripted);
    await waitUntil("the MCP server runs", () => existsSync(seen));
    expect(JSON.parse(readFileSync(seen, "utf8"))).toMatchObject(env);
    expect(lines).toContain('mcp_servers.mine.env.MODE="fast"');
    expect([lines.includes(SECRET), result.env.includes(SECRET)]).toEqual([false, false]);
  });

  it("the token and the headers of an MCP server", async () => {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      heard.push(`${request.headers.authorization} ${request.headers["x-key"]}`);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const url = `http://127.0.0.1:${port}/mcp`;
    const mcp = { url, bearer_token: SECRET, http_headers: { "x-key": SECRET } };
    await using scripted = await start({ config: { mcp_servers: { mine: mcp } } });
    const lines = shown();
    await run(scripted);
    await waitUntil("the MCP server was asked", () => heard.length > 0);
    server.close();
    expect(heard).toContain(`Bearer ${SECRET} ${SECRET}`);
    expect(lines).not.toContain(SECRET);
  });

  it.each<[string, ThreadStartOptions["config"], string[] | undefined]>([
    ["a thread's policy", { shell_environment_policy: { set: { MODE: "fast" } } }, undefined],
    ["a thread's variables", { "shell_environment_policy.set": { MODE: "fast" } }, undefined],
    ["a raw setting", {}, ['shell_environment_policy.set={MODE="fast"}']],
  ])("even if %s would show its variable to commands", async (_, threadConfig, configOverrides) => {
    const provider = { experimental_bearer_token: SECRET };
    const config = { model_providers: { scripted: provider } };
    await using scripted = await start({ config, configOverrides });
    const { headers, env } = await run(scripted, threadConfig);
    expect(headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(env).toContain("MODE=fast");
    expect(env).not.toContain(SECRET);
  });

  it("also for a served server", async () => {
    await using scripted = await start({});
    const provider = { experimental_bearer_token: SECRET };
    const server = await Codex.serve({
      listen: "ws://127.0.0.1:0",
      env: { CODEX_HOME: scripted.home },
      config: { model_providers: { scripted: provider } },
    });
    const lines = commandLines(server.pid).join("\n");
    const codex = new Codex({ transport: server.endpoint() });
    const result = await run({ ...scripted, codex });
    await codex.close();
    await server.close();
    expect(result.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(lines).toContain("model_providers.scripted.env_key=");
    expect(lines).not.toContain(SECRET);
  });
});

describe("a secret that the server can't take from its environment", () => {
  it("starts nothing; the error names a remedy that works", async () => {
    await using scripted = await startScripted({ script: ["done"] });
    const base_url = scripted.model.url.replace("//", `//me:${SECRET}@`);
    const config = { model_providers: { scripted: { base_url } } };
    const error = await failureOf(start({ config }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/scripted\.base_url is a secret.*config of threadStart\(\)/);
    expect(error.message).not.toContain(SECRET);
    const thread = await scripted.codex.threadStart({ config });
    const lines = shown();
    expect((await thread.run("go")).status).toBe("completed");
    const { authorization = "" } = scripted.model.requests[0]?.headers ?? {};
    expect(Buffer.from(authorization.replace("Basic ", ""), "base64").toString()).toBe(
      `me:${SECRET}`,
    );
    expect(lines).not.toContain(SECRET);
  });
});
