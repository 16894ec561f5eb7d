import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Codex, InvalidInputError, LaunchError, websocket } from "../../../src/index.ts";
import { isolatedHome, scriptedConfig } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { failureOf } from "../../support/e2e.ts";
import { startServed } from "../../support/served.ts";

describe("websocket()", () => {
  it.each([
    ["http://127.0.0.1:1", "must begin with ws:// or wss://"],
    ["127.0.0.1:1", "must begin with ws:// or wss://"],
  ])("refuses %s", (url, why) => {
    expect(() => websocket(url)).toThrow(TypeError);
    expect(() => websocket(url)).toThrow(why);
  });

  it("doesn't send a token to another machine unencrypted, unless that is allowed", () => {
    const token = { token: "t" };
    expect(() => websocket("ws://example.test:4500", token)).toThrow(/unencrypted/);
    expect(() => websocket("ws://example.test:4500", { tokenProvider: () => "t" })).toThrow(
      /unencrypted/,
    );
    for (const url of [
      "ws://127.0.0.1:1",
      "ws://localhost:1",
      "ws://[::1]:1",
      "wss://example.test",
    ])
      expect(websocket(url, token).name).toContain(url);
    expect(websocket("ws://example.test", { ...token, allowInsecureToken: true })).toBeDefined();
  });

  it("refuses an Origin header, and two sources of the token", () => {
    expect(() => websocket("ws://127.0.0.1:1", { headers: { origin: "x" } })).toThrow(/Origin/);
    const both = { token: "t", tokenProvider: () => "t" };
    expect(() => websocket("ws://127.0.0.1:1", both)).toThrow(/not both/);
  });

  it("names the address at which nothing listens", async () => {
    const codex = new Codex({ transport: websocket("ws://127.0.0.1:1") });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toMatch(/ws:\/\/127\.0\.0\.1:1.*ECONNREFUSED.*Is it running/);
  });
});

describe("a server that requires a token", () => {
  const serve = async () => {
    const home = await isolatedHome(scriptedConfig("http://127.0.0.1:1/v1"));
    const options = {
      listen: "ws://127.0.0.1:0",
      env: home.env,
      cwd: home.path,
      auth: true,
    } as const;
    const server = await Codex.serve(options);
    return {
      server,
      [Symbol.asyncDispose]: async () => {
        await server.close();
        await home[Symbol.asyncDispose]();
      },
    };
  };

  it("accepts the right one, and reports why another is wrong", async () => {
    await using served = await serve();
    const { server } = served;
    const connect = async (options: Parameters<typeof websocket>[1]) => {
      await using codex = new Codex({ transport: websocket(server.address, options) });
      await codex.connect();
      return codex.status.state;
    };
    const { token } = server;
    expect(await connect({ token })).toBe("ready");
    let asked = 0;
    const tokenProvider = async () => {
      asked++;
      return token ?? "";
    };
    expect(await connect({ tokenProvider })).toBe("ready");
    expect(asked).toBe(1);
    await using own = new Codex({ transport: server.endpoint() });
    await own.connect();
    const missing = await failureOf(connect({}));
    expect(missing).toBeInstanceOf(LaunchError);
    expect(missing.message).toContain("401 missing websocket bearer token");
    expect((await failureOf(connect({ token: "x" }))).message).toContain("401 invalid");
  });
});

describe("a large message", () => {
  const MIB = 2 ** 20;

  it("is sent in frames that the server accepts, and refused if it is too large for the server", async () => {
    await using served = await startServed();
    await using folder = await temporaryDirectory("codex-large-");
    const codex = served.client();
    const write = (name: string, bytes: number) =>
      codex.request("fs/writeFile", {
        path: join(folder.path, name),
        dataBase64: Buffer.alloc(bytes, "é").toString("base64"),
      });
    await write("large", 24 * MIB);
    expect((await readFile(join(folder.path, "large"))).length).toBe(24 * MIB);
    const error = await failureOf(write("too-large", 60 * MIB));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toMatch(/\b83886\d{3} bytes.*at most 64000000/);
    expect((await codex.modelList()).data.length).toBeGreaterThan(0);
    expect(codex.status.state).toBe("ready");
  });
});
