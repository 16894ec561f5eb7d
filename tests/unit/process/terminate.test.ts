import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { procTable } from "../../../src/process/process-table.ts";
import { isRunning, printedChild, startFakeServer, suspend } from "../../support/processes.ts";
import { waitUntil } from "../../support/wait-until.ts";

const quick = { graceMs: 150 };

describe("terminating step by step", () => {
  test("the end of stdin is enough for a server that behaves", async () => {
    const { server } = await startFakeServer();
    expect(await server.terminate()).toEqual({ code: 0, signal: null });
  });

  test("SIGTERM for one that ignores it", async () => {
    const { server } = await startFakeServer(["ignores-eof"]);
    expect(await server.terminate(quick)).toEqual({ code: null, signal: "SIGTERM" });
  });

  test("SIGKILL for one that ignores both", async () => {
    const { server } = await startFakeServer(["ignores-eof", "ignores-sigterm"]);
    expect(await server.terminate(quick)).toEqual({ code: null, signal: "SIGKILL" });
    expect(isRunning(server.pid)).toBe(false);
  });

  test("a stopped server", async () => {
    const { server } = await startFakeServer();
    await suspend(server.pid);
    expect(await server.terminate(quick)).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("runs once, however often it is requested, and keeps its result", async () => {
    const { server } = await startFakeServer(["fails"]);
    const first = server.terminate();
    expect(server.terminate()).toBe(first);
    expect(await first).toEqual({ code: 3, signal: null });
    expect(server.terminate()).toBe(first);
  });

  test("the error for a server that died earlier says how it died", async () => {
    const { server } = await startFakeServer();
    process.kill(server.pid, "SIGKILL");
    await server.exited;
    expect(await server.terminate()).toEqual({ code: null, signal: "SIGKILL" });
  });
});

describe("the server's children end with it", () => {
  const children = ["has-child", "has-child-in-own-group", "has-child-in-own-session"] as const;
  const servers = [[], ["ignores-eof"], ["ignores-eof", "ignores-sigterm"]] as const;

  test.each(servers.flatMap((server) => children.map((child) => [...server, child])))(
    "%s %s %s",
    async (...manners) => {
      const { server, child } = await startFakeServer(manners);
      expect(isRunning(child)).toBe(true);
      await server.terminate(quick);
      await waitUntil("the child is gone", () => !isRunning(child));
    },
  );
});

test("a child that the server starts while it is ending ends with it", async () => {
  const { server } = await startFakeServer(["starts-child-at-end"]);
  const children = vi.spyOn(procTable, "children");
  const ending = server.terminate({ graceMs: 60_000 });
  const child = await printedChild(server);
  await waitUntil("it is noticed", () =>
    children.mock.results.some(({ value }) => value.includes(child)),
  );
  process.kill(server.pid, "SIGUSR2");
  expect(await ending).toEqual({ code: 0, signal: null });
  await waitUntil("the child is gone", () => !isRunning(child));
});

test("leaves no listener on the process", async () => {
  const count = () =>
    process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const before = count();
  const servers = await Promise.all(Array.from({ length: 12 }, () => startFakeServer()));
  expect(count()).toBe(before);
  await Promise.all(servers.map(({ server }) => server.terminate()));
  expect(count()).toBe(before);
});

describe("on other systems", () => {
  const realPlatform = process.platform;
  function pretend(value: NodeJS.Platform): void {
    Object.defineProperty(process, "platform", { value, configurable: true });
  }
  const folders: string[] = [];
  afterEach(() => {
    pretend(realPlatform);
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** A folder with a program, which a workspace could have planted on PATH. */
  function plant(path: string, script: string): string {
    const folder = mkdtempSync(join(tmpdir(), "planted-"));
    folders.push(folder);
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return folder;
  }

  test("macOS: descendants of a server that hangs are found by the system's ps", async () => {
    const { server, child } = await startFakeServer(["ignores-eof", "has-child-in-own-session"]);
    vi.stubEnv("PATH", `${plant("ps", 'touch "$0.ran"')}:${process.env.PATH}`);
    pretend("darwin");
    expect(await server.terminate(quick)).toEqual({ code: null, signal: "SIGTERM" });
    await waitUntil("the child is gone", () => !isRunning(child));
    expect(existsSync(join(folders[0] ?? "", "ps.ran"))).toBe(false);
  });

  const taskkill = '[ "$*" = "/PID $2 /T /F" ] && kill -QUIT "$2"';

  test("Windows: the system's taskkill ends the tree", async () => {
    vi.stubEnv("SystemRoot", plant("System32/taskkill.exe", taskkill));
    const { server } = await startFakeServer(["ignores-eof"]);
    pretend("win32");
    expect(await server.terminate(quick)).toEqual({ code: null, signal: "SIGQUIT" });
  });

  test("Windows: a taskkill on PATH is not run", async () => {
    vi.stubEnv("PATH", `${plant("taskkill", taskkill)}:${process.env.PATH}`);
    const { server } = await startFakeServer(["ignores-eof"]);
    pretend("win32");
    expect(await server.terminate(quick)).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("Windows: without taskkill the server itself ends", async () => {
    const { server } = await startFakeServer(["ignores-eof"]);
    vi.stubEnv("PATH", "");
    pretend("win32");
    expect(await server.terminate(quick)).toEqual({ code: null, signal: "SIGKILL" });
  });
});
