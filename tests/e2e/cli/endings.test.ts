import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { text as readAll } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { command, Gate, patch, reply, text } from "../../../src/testing/index.ts";
import { commandLine, main } from "../../support/command-line.ts";
import { isRunning } from "../../support/processes.ts";
import { waitUntil } from "../../support/wait-until.ts";

const { place, start, run, leftBehind, configured } = commandLine();

describe("endings", () => {
  const sleeper = command('echo $$ > "$PIDFILE"; exec sleep 600', {
    args: { login: false, yield_time_ms: 30_000 },
  });

  async function sleeping() {
    const { env } = await configured(sleeper);
    const pidFile = path.join(place.project, "pid");
    const { child, ended } = start(["--sandbox", "danger-full-access", "sleep"], {
      ...env,
      PIDFILE: pidFile,
    });
    child.stdin.end();
    await waitUntil("the command runs", () => readdirSync(place.project).includes("pid"));
    let pid = 0;
    await waitUntil("its pid is written", () => {
      pid = Number(readFileSync(pidFile, "utf8"));
      return pid > 0;
    });
    return { child, ended, pid };
  }

  it("Ctrl-C interrupts the turn and ends its commands", async () => {
    const { child, ended, pid } = await sleeping();
    child.kill("SIGINT");
    const { stderr, code } = await ended;
    expect(stderr).toMatch(/Interrupting the turn[\s\S]*\nInterrupted\.\n/);
    expect(code).toBe(130);
    expect(isRunning(pid)).toBe(false);
  });

  it("SIGTERM ends the command line and the turn's commands", async () => {
    const { child, ended, pid } = await sleeping();
    child.kill("SIGTERM");
    expect((await ended).code).toBe(143);
    expect(isRunning(pid)).toBe(false);
  });

  it("ends quietly when its reader goes away", async () => {
    const gate = new Gate();
    const { model, env } = await configured(
      reply("First line\n", gate, text(["more\n", gate, "never"])),
    );
    const { child, ended } = start(["hi"], env);
    ended.catch(() => {});
    child.stdin.end();
    await once(child.stdout, "data");
    child.stdout.destroy();
    gate.open();
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(0);
    await model.requests[0]?.ended;
    expect(leftBehind()).toEqual([]);
  });

  it.skipIf(!existsSync("/dev/full"))("fails when its output can't be written", async () => {
    const { env } = await configured(text("the answer"));
    const full = async (...args: readonly string[]) => {
      const shell = spawn("sh", ["-c", '"$@" > /dev/full', "sh", process.execPath, main, ...args], {
        cwd: place.project,
        env: { ...process.env, ...env },
        stdio: ["ignore", "ignore", "pipe"],
      });
      const [stderr, [code]] = await Promise.all([readAll(shell.stderr), once(shell, "exit")]);
      return { stderr, code };
    };
    for (const args of [["hi"], ["--version"]]) {
      const { stderr, code } = await full(...args);
      expect(stderr).toContain("The output couldn't be written: ENOSPC");
      expect(code).toBe(1);
    }
  });
});

describe("approvals in a pipe", () => {
  it("are declined, one by one, and the turn continues", async () => {
    const add = "*** Begin Patch\n*** Add File: x\n+x\n*** End Patch";
    const { env } = await configured(command("date", { escalate: "To know" }), patch(add), "Done.");
    const { stdout, stderr, code } = await run(
      ["--sandbox", "read-only", "--approval-policy", "on-request", "go"],
      env,
    );
    expect(stdout).toBe("Done.\n");
    expect(
      stderr.match(/Declined: there is no terminal to ask on: .*\n {2}declined\n/g),
    ).toHaveLength(2);
    expect(stderr).toContain("$ date\n");
    expect(code).toBe(0);
  });
});
