import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { bench } from "../../support/both-clients.ts";
import { isRunning } from "../../support/processes.ts";
import { nativeBinary } from "../../support/raw-client.ts";
import { waitUntil } from "../../support/wait-until.ts";

const server = bench();
const program = fileURLToPath(new URL("../../support/sync-program.mjs", import.meta.url));
let count = 0;

const programs = new Set<ChildProcess>();

// A program that died can leave queued replies, and one that should have died can still run.
afterEach(async () => {
  for (const program of programs) program.kill("SIGKILL");
  programs.clear();
  await server.model.forget();
});

/** The program, waiting for a turn that the model holds, and the pid of its server. */
async function blocked(manner: string) {
  const gate = `gate-${++count}`;
  await server.model.enqueue({ text: ["be", { gate }, "fore"] });
  const started = start(manner);
  await server.model.reached(gate);
  return { ...started, server: started.serverPid() };
}

function start(manner: string) {
  const pidFile = path.join(server.cwd, `pid-${++count}`);
  const note = 'echo $$ > "$0.new" && mv "$0.new" "$0" && exec "$@"';
  const launchArgs = ["/bin/sh", "-c", note, pidFile, nativeBinary(), "app-server"];
  const { cwd, env } = server.options;
  const OPTIONS = JSON.stringify({ cwd, env, launchArgs });
  const child = spawn(process.execPath, [program, manner], {
    env: { ...process.env, OPTIONS },
    stdio: ["ignore", "pipe", "inherit"],
  });
  programs.add(child);
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, said }));
  const serverPid = () => (existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : 0);
  return { child, ended, serverPid };
}

test("Ctrl-C ends a waiting program and its server", async () => {
  const { child, ended, server } = await blocked("plain");
  expect(isRunning(server)).toBe(true);
  child.kill("SIGINT");
  expect(await ended).toEqual({ code: null, signal: "SIGINT", said: "" });
  await waitUntil("the server is gone", () => !isRunning(server));
});

test("Ctrl-C ends the wait of a program with a SIGINT listener, interrupts the turn, and reaches the listener", async () => {
  const { child, ended, server: pid } = await blocked("listens");
  child.kill("SIGINT");
  expect(await ended).toEqual({
    code: 0,
    signal: null,
    said: "InterruptedError: Ctrl-C (SIGINT) ended the wait\necho again\nlistener\n",
  });
  await waitUntil("the server is gone", () => !isRunning(pid));
});

test("SIGKILL leaves no server", async () => {
  const { child, ended, server } = await blocked("plain");
  expect(isRunning(server)).toBe(true);
  child.kill("SIGKILL");
  await ended;
  await waitUntil("the server is gone", () => !isRunning(server));
});

test("an unclosed client lets the process exit, and leaves no server", async () => {
  await server.model.enqueue({ text: ["hi"] });
  const { ended, serverPid } = start("forgets");
  expect(await ended).toEqual({ code: 0, signal: null, said: "turn/started\n" });
  await waitUntil("the server is gone", () => !isRunning(serverPid()));
});

test("process.exit() in a handler during a call leaves no server", async () => {
  await server.model.enqueue({ command: "true", escalate: "to see" });
  const { ended, serverPid } = start("plain");
  expect(await ended).toEqual({ code: 7, signal: null, said: "" });
  await waitUntil("the server is gone", () => !isRunning(serverPid()));
});

test("a waiting call uses less than 2% of a core", async () => {
  const held = 3_000;
  await server.model.enqueue({ text: ["be", { delayMs: held }, "fore"] });
  const { said } = await start("measures").ended;
  const { ms, share } = JSON.parse(said);
  expect(ms).toBeGreaterThan(held / 2);
  expect(share).toBeLessThan(0.02);
});
