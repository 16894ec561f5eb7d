// node ask-server.mjs SERVER PATH: starts a server of Next.js, requests a path, and ends the server.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const [server, path] = process.argv.slice(2);
const child = spawn(process.execPath, [server], {
  env: { ...process.env, PORT: "0", HOSTNAME: "127.0.0.1" },
  stdio: ["ignore", "pipe", "inherit"],
});
const closed = once(child, "close");
for await (const line of createInterface(child.stdout)) {
  console.log(line);
  const origin = line.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
  if (origin === undefined) continue;
  const response = await fetch(origin + path);
  if (!response.ok) process.exitCode = 1;
  child.kill();
  break;
}
await closed;
