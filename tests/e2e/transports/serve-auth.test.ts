import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  Codex,
  LaunchError,
  type ServeOptions,
  unixSocket,
  websocket,
} from "../../../src/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { failureOf } from "../../support/e2e.ts";
import { textBelow } from "../../support/folder-text.ts";
import { commandLines } from "../../support/processes.ts";
import { serving } from "../../support/serving.ts";

const TOKEN = "a-token-of-my-own-4711";

async function connect(options: ConstructorParameters<typeof Codex>[0]): Promise<string> {
  await using codex = new Codex(options);
  await codex.connect();
  return codex.status.state;
}

describe("a server on a port", () => {
  it.each<[string, ServeOptions["auth"], RegExp]>([
    ["without a word on it", undefined, /^[\w-]{43}$/],
    ["with auth: true", true, /^[\w-]{43}$/],
    ["with a token of one's own", { token: TOKEN }, new RegExp(`^${TOKEN}$`)],
  ])("%s, asks every client for its token", async (_what, auth, form) => {
    await using place = await serving();
    await using server = await place.serve({ auth });
    expect(server.token).toMatch(form);
    expect(await connect({ transport: server.endpoint() })).toBe("ready");
    const token = server.token ?? "";
    expect(await connect({ transport: websocket(server.address, { token }) })).toBe("ready");
    for (const wrong of [{}, { token: `${token}x` }]) {
      const error = await failureOf(connect({ transport: websocket(server.address, wrong) }));
      expect(error).toBeInstanceOf(LaunchError);
      expect(error.message).toContain("401");
    }
    expect(commandLines(server.pid).join("\n")).toContain("--ws-auth");
    expect(commandLines(server.pid).join("\n")).not.toContain(token);
    expect(inspect(server)).not.toContain(token);
  });

  it('with auth: "none" admits everyone', async () => {
    await using place = await serving();
    await using server = await place.serve({ auth: "none" });
    expect(server.token).toBeUndefined();
    expect(await connect({ transport: websocket(server.address) })).toBe("ready");
  });
});

describe("options that are refused before anything is started", () => {
  const onSocket = { listen: "unix:///tmp/never.sock" };
  it.each<[string, object, string]>([
    ["false", { auth: false }, 'auth must be true, "none" or { token }, not false'],
    ["null", { auth: null }, "not null"],
    ["another string, unquoted", { auth: "hunter2hunter2hunter2" }, "not another string"],
    ["an empty object", { auth: {} }, "not an object with the members (none)"],
    ["a misspelt member", { auth: { tokn: "hunter2hunter2hunter2" } }, "the members tokn"],
    [
      "a token that isn't a string",
      { auth: { token: 5 } },
      "auth.token must be a string, not number",
    ],
    ["an empty token", { auth: { token: "" } }, "auth.token must consist of visible ASCII"],
    ["a short token", { auth: { token: "hunter2hunter2x" } }, "at least 16 characters"],
    ["a token with a new line", { auth: { token: "hunter2hunter2hunter2\n" } }, "visible ASCII"],
    ["a token with a space", { auth: { token: "hunter2 hunter2 hunter2" } }, "visible ASCII"],
    ["a token of other letters", { auth: { token: "hunter2hunter2hünter" } }, "visible ASCII"],
    ["nothing checked on all addresses", { listen: "ws://0.0.0.0:0", auth: "none" }, "everyone"],
    ["a token on a Unix socket", { ...onSocket, auth: { token: TOKEN } }, "doesn't check tokens"],
    ["auth: true on a Unix socket", { ...onSocket, auth: true }, "doesn't check tokens"],
    ["an option that does not exist", { autth: true }, 'Codex.serve has no option "autth"'],
    ["a time of the wrong type", { timeoutMs: "5" }, "timeoutMs must be a number of milliseconds"],
    ["NaN for a time", { timeoutMs: Number.NaN }, "timeoutMs must be a number of milliseconds"],
    ["a variable of the wrong type", { env: { A: 5 } }, 'env["A"] must be a string, not number'],
    ["a name to listen on", { listen: "ws://localhost:0" }, "listen must be"],
    ["no place to listen", { listen: undefined }, "listen must be"],
  ])("%s", async (_what, options, message) => {
    await using tmp = await temporaryDirectory("codex-tmp-");
    const before = process.env.TMPDIR;
    process.env.TMPDIR = tmp.path;
    const serve = Codex.serve({
      listen: "ws://127.0.0.1:0",
      codexBin: "/never/started",
      ...options,
    } as ServeOptions);
    const error = await failureOf(serve);
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("hunter2hunter2");
    expect(readdirSync(tmp.path)).toEqual([]);
  });

  it('on a Unix socket nothing and "none" are the same', async () => {
    await using place = await serving((home) => `unix://${join(home, "s.sock")}`);
    for (const auth of [undefined, "none"] as const) {
      await using server = await place.serve({ auth });
      expect(server.token).toBeUndefined();
      const path = server.address.slice("unix://".length);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(await connect({ transport: unixSocket(path) })).toBe("ready");
    }
  });
});

describe("a serving process leaves no token on disk", () => {
  const program = `
    import { Codex } from "codex-app-server";
    const server = await Codex.serve({ listen: "ws://127.0.0.1:0", auth: true });
    console.log(server.token);
    process.stdin.once("data", (way) => {
      if (String(way) === "exit") process.exit(0);
      throw new Error("as asked");
    });`;

  it.each(["exit", "throw", "SIGTERM", "SIGKILL"])("when it ends by %s", async (way) => {
    await using place = await serving();
    await using tmp = await temporaryDirectory("codex-tmp-");
    const parent = spawn(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, ...place.env, TMPDIR: tmp.path },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const token = String((await once(parent.stdout, "data"))[0]).trim();
    expect(token).toHaveLength(43);
    if (way.startsWith("SIG")) parent.kill(way as NodeJS.Signals);
    else parent.stdin.write(way);
    await once(parent, "exit");
    expect(textBelow(tmp.path)).not.toContain(token);
    expect(readdirSync(tmp.path).filter((name) => name.startsWith("codex-token"))).toEqual([]);
  });
});
