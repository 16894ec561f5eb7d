import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { describe } from "vitest";

const binary = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "redis-server"))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const HOW =
  "needs Redis: install redis-server (apt-get install redis-server, brew install redis), or set REDIS_URL";

/**
 * Tests that need a separate Redis, which they may restart. Without one, they are reported as
 * skipped, with instructions.
 */
export function describeWithOwnRedis(name: string, tests: () => void): void {
  describeIf(binary !== undefined, name, tests);
}

/** Tests that need any Redis. */
export function describeWithRedis(name: string, tests: () => void): void {
  describeIf(binary !== undefined || Boolean(process.env.REDIS_URL), name, tests);
}

function describeIf(hasRedis: boolean, name: string, tests: () => void): void {
  if (hasRedis) {
    describe(name, tests);
    return;
  }
  console.warn(`Not run: "${name}" ${HOW}`);
  describe.skip(`${name} [${HOW}]`, tests);
}

/** A test's Redis. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Stops it without losing data, as a system administrator would. */
  stop(): Promise<void>;
  /** Kills it immediately. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a Redis on a free port of this machine, which dies with the test; or uses the one at REDIS_URL. */
export async function startRedis(): Promise<TestRedis> {
  const given = process.env.REDIS_URL;
  if (!binary && given) return sharedRedis(given);
  const directory = await mkdtemp(join(tmpdir(), "codex-redis-"));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const args = [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", directory],
      ...["--appendonly", "yes", "--save", "", "--loglevel", "warning"],
    ];
    // The shell stops Redis when this process exits, however that happens.
    const script = [
      "exec 3<&0",
      '"$0" "$@" </dev/null 3<&- & pid=$!',
      '(cat <&3 >/dev/null; kill -9 "$pid") & cat=$!',
      'trap "kill $pid" TERM',
      'trap "kill -9 $pid" USR1',
      'while kill -0 "$pid" 2>/dev/null; do wait "$pid"; done',
      'pkill -P "$cat"; kill "$cat"',
    ].join("\n");
    child = spawn("/bin/bash", ["-c", script, binary ?? "", ...args], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    await answering(port);
  };
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const exited = once(ending, "exit");
    ending.kill(signal);
    await exited;
    ending.stdin?.destroy();
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGUSR1"),
    [Symbol.asyncDispose]: async () => {
      await end("SIGUSR1");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function sharedRedis(url: string): TestRedis {
  const refuse = async () => {
    throw new Error("a test can't restart the Redis at REDIS_URL: install redis-server");
  };
  return {
    url,
    port: Number(new URL(url).port || 6379),
    ...{ stop: refuse, kill: refuse, start: refuse },
    [Symbol.asyncDispose]: async () => {},
  };
}

/**
 * A free port outside the range that systems choose from: while Redis restarts, the system would give a port of that
 * range to any connection, even to a client's own attempt to reach Redis, which then would be connected to itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const server = createServer().listen(port, "127.0.0.1");
    const outcome = once(server, "listening").then(() => true);
    const isFree = await outcome.catch(() => false);
    if (isFree) await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}

/** Resolves when Redis answers and has loaded its data. */
async function answering(port: number): Promise<void> {
  const client = new Redis({
    port,
    host: "127.0.0.1",
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
  });
  client.on("error", () => {});
  await client.ping();
  client.disconnect();
}
