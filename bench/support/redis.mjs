import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";

/** Starts a Redis on a free port of this machine, configured to be as durable as in production. */
export async function startRedis() {
  const directory = await mkdtemp(join(tmpdir(), "codex-bench-redis-"));
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  const args = ["--port", port, "--bind", "127.0.0.1", "--dir", directory, "--appendonly", "yes"];
  const child = spawn("redis-server", [...args, "--save", ""].map(String), { stdio: "ignore" });
  process.once("exit", () => child.kill("SIGKILL"));
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on("error", () => {});
  await client.ping();
  return {
    url,
    client,
    async [Symbol.asyncDispose]() {
      client.disconnect();
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await Promise.race([exited, pause(2_000)]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
