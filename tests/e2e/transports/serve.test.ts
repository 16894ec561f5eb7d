import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Codex, LaunchError, type ServeOptions } from "../../../src/index.ts";
import { isolatedHome, scriptedConfig } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { isRunning } from "../../support/processes.ts";

async function serving(listen: (home: string) => string) {
  const home = await isolatedHome(scriptedConfig("http://127.0.0.1:1/v1"));
  const serve = (options: Partial<ServeOptions> = {}) =>
    Codex.serve({ listen: listen(home.path), env: home.env, cwd: home.path, ...options });
  return { home: home.path, serve, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

const onPort = () => "ws://127.0.0.1:0";
const onSocket = (home: string) => `unix://${join(home, "s.sock")}`;

describe("Codex.serve", () => {
  it.each([
    ["a port", onPort, /^ws:\/\/127\.0\.0\.1:\d+$/],
    ["a socket", onSocket, /^unix:\/\/.*\/s\.sock$/],
  ])(
    "on %s gives its address when it is ready, serves many, and is gone after close()",
    async (_where, listen, address) => {
      await using place = await serving(listen);
      const server = await place.serve();
      expect(server.address).toMatch(address);
      expect(isRunning(server.pid)).toBe(true);
      for (let client = 0; client < 2; client++) {
        await using codex = new Codex({ transport: server.endpoint() });
        expect((await codex.models()).data.length).toBeGreaterThan(0);
      }
      await server.close();
      expect(isRunning(server.pid)).toBe(false);
      await server.exited;
    },
  );

  it("takes the place of a dead server's socket", async () => {
    await using place = await serving(onSocket);
    const left = `require("net").createServer().listen(${JSON.stringify(join(place.home, "s.sock"))}, () => process.kill(process.pid, "SIGKILL"))`;
    expect(() => execFileSync(process.execPath, ["-e", left])).toThrow();
    await using server = await place.serve();
    await using codex = new Codex({ transport: server.endpoint() });
    await codex.connect();
  });

  it.each([
    ["a port", onPort, /ended before it was ready \(exit code 1\)/],
    ["a socket", onSocket, /Another server listens at unix:\/\/.* already/],
  ])("says why a server did not get ready when another has %s", async (_what, listen, why) => {
    await using place = await serving(listen);
    await using first = await place.serve();
    const error = await failureOf(place.serve({ listen: first.address }));
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toMatch(why);
  });

  it("refuses an address of another kind, and stops when its signal aborts", async () => {
    await using place = await serving(onPort);
    expect(await failureOf(place.serve({ listen: "stdio://" }))).toBeInstanceOf(TypeError);
    const reason = new Error("no more");
    const aborted = place.serve({ signal: AbortSignal.abort(reason) });
    expect(await failureOf(aborted)).toBe(reason);
  });
});
