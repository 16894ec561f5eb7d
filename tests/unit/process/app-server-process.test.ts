import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LaunchError } from "../../../src/errors/errors.ts";
import { type SpawnOptions, spawnAppServer } from "../../../src/process/app-server-process.ts";
import { isRunning, startFakeServer } from "../../support/processes.ts";
import { waitUntil } from "../../support/wait-until.ts";

const node = (code: string, options: Partial<SpawnOptions> = {}) =>
  spawnAppServer({ command: process.execPath, args: ["-e", code], ...options });

describe("a running server", () => {
  test("reads stdin, writes stdout, and ends with stdin", async () => {
    const server = await node("process.stdin.pipe(process.stdout)");
    server.stdin.end("hello");
    expect(await text(server.stdout)).toBe("hello");
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  test("reports the exit code, and the signal", async () => {
    expect(await (await node("process.exit(7)")).exited).toEqual({ code: 7, signal: null });
    const killed = await node("process.kill(process.pid, 'SIGKILL')");
    expect(await killed.exited).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("has the parent's variables, except those set or unset", async () => {
    process.env.KEPT = "kept";
    process.env.TAKEN = "taken";
    const server = await node(
      "const {KEPT, TAKEN, SET} = process.env; console.log(JSON.stringify([KEPT, TAKEN, SET]))",
      { env: { TAKEN: undefined, SET: "set" } },
    );
    delete process.env.KEPT;
    delete process.env.TAKEN;
    expect(JSON.parse(await text(server.stdout))).toEqual(["kept", null, "set"]);
  });

  test("a write after its exit fails only in the callback", async () => {
    const server = await node("process.exit(0)");
    await server.exited;
    const error = await new Promise((resolve) => server.stdin.write("late", resolve));
    expect(error).toBeInstanceOf(Error);
  });

  test("a write that nothing reads fails only in the callback", async () => {
    const server = await node(
      "require('fs').closeSync(0); console.log('closed'); setInterval(() => {}, 1000)",
    );
    await once(server.stdout, "data");
    const error = await new Promise((resolve) => server.stdin.write("late", resolve));
    expect(error).toMatchObject({ code: "EPIPE" });
    await server.terminate({ graceMs: 150 });
  });

  test("leads its own process group", async () => {
    const { server } = await startFakeServer();
    expect(process.kill(-server.pid, 0)).toBe(true);
    await server.terminate();
  });
});

describe("stderr", () => {
  test("keeps the last 400 lines, cut to 8 kB, without colours", async () => {
    const heard: string[] = [];
    const { server } = await startFakeServer(["floods-stderr"], {
      onStderrLine: (line) => heard.push(line),
    });
    await server.terminate();
    await server.exited;
    expect(heard).toHaveLength(1003);
    expect(heard[0]).toBe("x".repeat(8192));
    expect(heard.slice(-3)).toEqual(["line", "red ☃", "no newline"]);
    expect(server.stderrTail()).toEqual(heard.slice(-400));
  });

  test("shows an incomplete line", async () => {
    const server = await node("process.stderr.write('half'); process.stdin.resume()");
    await waitUntil("the half line", () => server.stderrTail().length > 0);
    expect(server.stderrTail()).toEqual(["half"]);
    await server.terminate();
  });

  test("is complete when `exited` settles", async () => {
    const server = await node("process.stderr.write('last words\\n', () => process.exit(1))");
    await server.exited;
    expect(server.stderrTail()).toEqual(["last words"]);
  });
});

describe("processes that outlive a crashed server", () => {
  test.each(["has-child", "has-child-in-own-group"] as const)(
    "%s: the child dies",
    async (manner) => {
      const { server, child } = await startFakeServer([manner]);
      process.kill(server.pid, "SIGKILL");
      await server.exited;
      await waitUntil("the child is gone", () => !isRunning(child));
    },
  );

  test("pipes that a child in another session holds are still closed", async () => {
    const { server, child } = await startFakeServer(["has-child-in-own-session"]);
    process.kill(server.pid, "SIGKILL");
    await server.exited;
    await waitUntil("stdout is closed", () => server.stdout.closed);
    process.kill(child, "SIGKILL");
  });
});

describe("a start that fails", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "spawn-"));
    writeFileSync(join(folder, "plain"), "", { mode: 0o644 });
    writeFileSync(join(folder, "orphan"), "#!/no/such/interpreter\n", { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each<[string, (folder: string) => Partial<SpawnOptions>]>([
    ["/no/such/codex: it doesn't exist", () => ({ command: "/no/such/codex" })],
    ["plain: no permission to execute it", (dir) => ({ command: join(dir, "plain") })],
    ["it is a directory", (dir) => ({ command: dir })],
    ["it exists, but its interpreter", (dir) => ({ command: join(dir, "orphan") })],
    ["the working directory /no/such/dir doesn't exist", () => ({ cwd: "/no/such/dir" })],
    ["plain isn't a directory", (dir) => ({ cwd: join(dir, "plain") })],
    ["its arguments and environment are too long", () => ({ args: ["x".repeat(3_000_000)] })],
    ["null bytes", () => ({ args: ["\0"] })],
  ])("says: %s", async (message, options) => {
    const started = spawnAppServer({ command: process.execPath, args: [], ...options(folder) });
    await expect(started).rejects.toThrow(LaunchError);
    await expect(started).rejects.toThrow(message);
  });
});
