import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Codex, LaunchError, TransportClosedError } from "../../../src/index.ts";
import { findCodexBinary } from "../../../src/process/find-binary.ts";
import { procTable } from "../../../src/process/process-table.ts";
import { failureOf } from "../../support/e2e.ts";
import { isRunning, suspend } from "../../support/processes.ts";
import { serving } from "../../support/serving.ts";
import { waitUntil } from "../../support/wait-until.ts";

const onPort = () => "ws://127.0.0.1:0";
const onSocket = (home: string) => `unix://${join(home, "s.sock")}`;

describe("Codex.serve", () => {
  it.each([
    ["a port", onPort, /^ws:\/\/127\.0\.0\.1:\d+$/],
    ["a socket", onSocket, /^unix:\/\/.*\/s\.sock$/],
  ])(
    "on %s reports its address when it is ready, serves many clients, and is gone after close()",
    async (_where, listen, address) => {
      await using place = await serving(listen);
      const server = await place.serve();
      expect(server.address).toMatch(address);
      expect(isRunning(server.pid)).toBe(true);
      for (let client = 0; client < 2; client++) {
        await using codex = new Codex({ transport: server.endpoint() });
        expect((await codex.modelList()).data.length).toBeGreaterThan(0);
      }
      await server.close();
      expect(isRunning(server.pid)).toBe(false);
      await server.exited;
    },
  );

  it("stops connecting when the server has exited, because another one may use its port then", async () => {
    await using place = await serving(onPort);
    const server = await place.serve();
    const endpoint = server.endpoint();
    await server.close();
    await using codex = new Codex({ transport: endpoint });
    const error = await failureOf(codex.connect());
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("has exited");
  });

  it.each([
    ["a port", onPort],
    ["a socket", onSocket],
  ])("on %s ends its connected clients with it: what they call fails", async (_where, listen) => {
    await using place = await serving(listen);
    const server = await place.serve();
    await using codex = new Codex({ transport: server.endpoint() });
    await codex.connect();
    const thread = await codex.threadStart();
    await server.close();
    const calls = [codex.modelList(), thread.run("go"), codex.connect()].map(failureOf);
    for (const error of await Promise.all(calls)) {
      expect(error).toBeInstanceOf(TransportClosedError);
      expect(error.message).toContain(`The app-server at ${server.address} has exited`);
    }
    expect(codex.status.state).toBe("closed");
    expect(await codex.closed).toBeInstanceOf(TransportClosedError);
  });

  it("replaces the socket of a dead server", async () => {
    await using place = await serving(onSocket);
    const left = `require("net").createServer().listen(${JSON.stringify(join(place.home, "s.sock"))}, () => process.kill(process.pid, "SIGKILL"))`;
    expect(() => execFileSync(process.execPath, ["-e", left])).toThrow();
    await using server = await place.serve();
    await using codex = new Codex({ transport: server.endpoint() });
    await codex.connect();
  });

  it.each([
    ["a port", onPort, /exited before it was ready \(exit code 1\)/],
    ["a socket", onSocket, /Another server is already listening on unix:\/\//],
  ])("says why a server did not get ready when another has %s", async (_what, listen, why) => {
    await using place = await serving(listen);
    await using first = await place.serve();
    const error = await failureOf(place.serve({ listen: first.address }));
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toMatch(why);
  });

  it.runIf(process.platform === "linux")(
    "doesn't take another server for its own when both start on a socket at once",
    async () => {
      await using place = await serving(onSocket);
      const started = await Promise.allSettled([place.serve(), place.serve()]);
      const servers = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      const errors = started.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      expect(errors).toEqual([expect.any(LaunchError)]);
      const [server] = servers;
      expect(isRunning(server?.pid ?? 0)).toBe(true);
      await server?.close();
    },
  );

  it("refuses an address of another kind, and stops when its signal aborts", async () => {
    await using place = await serving(onPort);
    expect(await failureOf(place.serve({ listen: "stdio://" }))).toBeInstanceOf(TypeError);
    const reason = new Error("no more");
    const aborted = place.serve({ signal: AbortSignal.abort(reason) });
    expect(await failureOf(aborted)).toBe(reason);
  });

  it("takes a timeout of any length", async () => {
    await using place = await serving(onPort);
    for (const timeoutMs of [30 * 24 * 3_600_000, Number.POSITIVE_INFINITY]) {
      await using server = await place.serve({ timeoutMs });
      expect(isRunning(server.pid)).toBe(true);
    }
  });

  it("closes in bounded time, with a hanging server and a client on it", async () => {
    await using place = await serving(onPort);
    const server = await place.serve();
    const codex = new Codex({ transport: server.endpoint(), reconnect: false });
    await codex.connect();
    const [hanging = 0] = procTable.children(server.pid);
    await suspend(hanging);
    const started = performance.now();
    await codex.close();
    expect(performance.now() - started).toBeLessThan(4_000);
    await server.close();
    await waitUntil("it is gone", () => !isRunning(hanging));
  });

  it("runs no program that a workspace has planted on PATH", async () => {
    await using place = await serving(onPort);
    for (const name of ["cat", "sleep", "kill", "ps", "sh", "wait"]) {
      const script = `#!/bin/sh\n: > ${JSON.stringify(join(place.home, `ran-${name}`))}\n`;
      writeFileSync(join(place.home, name), script, { mode: 0o755 });
    }
    const codexBin = findCodexBinary();
    for (const PATH of [`${place.home}:${process.env.PATH}`, `.:${process.env.PATH}`]) {
      const server = await place.serve({ codexBin, env: { ...place.env, PATH } });
      await server.close();
    }
    expect(readdirSync(place.home).filter((name) => name.startsWith("ran-"))).toEqual([]);
  });
});

describe("a program that isn't an app-server", () => {
  const program = async (home: string, code: string) => {
    const path = join(home, "codex");
    writeFileSync(path, `#!${process.execPath}\n${code}`, { mode: 0o755 });
    return path;
  };

  it("and reports the address of another machine gets no client", async () => {
    await using place = await serving(onPort);
    const code = 'console.error("  listening on: ws://evil.test:80"); setInterval(() => {}, 1000)';
    const error = await failureOf(place.serve({ codexBin: await program(place.home, code) }));
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toMatch(
      /asked to listen on ws:\/\/127\.0\.0\.1:0.*"ws:\/\/evil\.test:80"/,
    );
  });

  it("that never answers is given up in time", async () => {
    await using place = await serving(onPort);
    const code = `require("net").createServer(() => {}).listen(0, "127.0.0.1", function () {
      console.error("  listening on: ws://127.0.0.1:" + this.address().port);
    });`;
    const codexBin = await program(place.home, code);
    const error = await failureOf(place.serve({ codexBin, timeoutMs: 500 }));
    expect(error.message).toContain("not ready at ws://127.0.0.1:0 within 500 ms");
  });
});
