import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { TransportClosedError } from "../../src/index.ts";
import { command, Gate, startScripted, text } from "../../src/testing/index.ts";
import { collect, failureOf, nextOf } from "../support/e2e.ts";
import { isRunning } from "../support/processes.ts";
import { nativeBinary } from "../support/raw-client.ts";
import { waitUntil } from "../support/wait-until.ts";

describe("after close()", () => {
  test("every call fails immediately with the closed error, and closing again does nothing", async () => {
    await using scripted = await startScripted({ script: () => "hello" });
    const { codex } = scripted;
    const thread = await codex.threadStart();
    const turn = await thread.turn("hi");
    await turn.run();
    await Promise.all([codex.close(), codex.close()]);
    await codex.close();
    expect(await codex.closed).toBeUndefined();
    const calls = [
      codex.connect(),
      codex.modelList(),
      codex.threadStart(),
      codex.threadList(),
      codex.threadResume(thread.id),
      codex.threadFork(thread.id),
      codex.threadArchive(thread.id),
      codex.threadUnarchive(thread.id),
      codex.threads().next(),
      codex.request("config/read", {}),
      thread.turn("more"),
      thread.run("more"),
      thread.read(),
      thread.setName("name"),
      thread.compact(),
      thread.archive(),
      thread.fork(),
      thread.unsubscribe(),
    ];
    for (const error of await Promise.all(calls.map(failureOf))) {
      expect(error).toBeInstanceOf(TransportClosedError);
      expect(error.message).toContain("closed");
    }
    expect((await turn.run()).text).toBe("hello");
    expect(await turn.interrupt()).toEqual({});
    expect((await collect(turn.stream())).at(-1)?.method).toBe("turn/completed");
    expect(await collect(codex.notifications())).toEqual([]);
  });

  test("everything that waited has ended: turns, streams, queued turns, notifications", async () => {
    const gate = new Gate();
    await using scripted = await startScripted({ script: [text(["hel", gate, "lo"])] });
    const { codex } = scripted;
    const everything = collect(codex.notifications());
    const thread = await codex.threadStart();
    const turn = await thread.turn("hi");
    const waits = [turn.run(), collect(turn.stream()), collect(turn.textStream())];
    const queued = thread.turn("after that");
    const failures = [...waits, queued].map((wait) => failureOf(wait));
    await gate.reached;
    await codex.close();
    for (const failure of failures) expect(await failure).toBeInstanceOf(TransportClosedError);
    expect((await everything).length).toBeGreaterThan(0);
  });

  test("the server and its commands have ended", async () => {
    await using scripted = await startScripted({
      script: [command("echo $$ > pid; exec sleep 600", { args: { yield_time_ms: 30_000 } })],
    });
    const { codex, cwd } = scripted;
    const thread = await codex.threadStart({ sandbox: "danger-full-access" });
    await thread.turn("run it");
    const pidFile = path.join(cwd, "pid");
    await waitUntil("the command runs", () => existsSync(pidFile) && read(pidFile) > 0);
    const pid = read(pidFile);
    await codex.close();
    expect(isRunning(pid)).toBe(false);
  });

  test("the signal option closes the client like close()", async () => {
    const controller = new AbortController();
    await using scripted = await startScripted({ signal: controller.signal });
    controller.abort();
    expect(await scripted.codex.closed).toBeUndefined();
    await expect(scripted.codex.modelList()).rejects.toThrow(TransportClosedError);
  });
});

test("a server crash ends all pending calls, with its signal and its last output", async () => {
  const gate = new Gate();
  const say = 'echo "last words" >&2; echo $$ > "$CODEX_HOME/pid"; exec "$@"';
  await using scripted = await startScripted({
    launchArgs: ["/bin/sh", "-c", say, "sh", nativeBinary(), "app-server"],
    script: [text(["hel", gate, "lo"])],
  });
  const { codex, home } = scripted;
  const thread = await codex.threadStart();
  const streaming = nextOf(codex, "item/agentMessage/delta");
  const turn = await thread.turn("hi");
  await streaming;
  process.kill(read(path.join(home, "pid")), "SIGKILL");
  const error = await failureOf(turn.run());
  expect(error).toBeInstanceOf(TransportClosedError);
  expect(error).toMatchObject({ signal: "SIGKILL", exitCode: null });
  expect(error).toMatchObject({ stderr: expect.arrayContaining(["last words"]) });
  expect(await codex.closed).toBeInstanceOf(TransportClosedError);
  await expect(codex.modelList()).rejects.toThrow("SIGKILL");
  const stream = turn.stream();
  expect((await stream.next()).value).toMatchObject({ params: { threadId: thread.id } });
  await expect(collect(stream)).rejects.toThrow("SIGKILL");
});

const read = (file: string): number => Number(readFileSync(file, "utf8"));
