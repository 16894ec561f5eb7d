// A misbehaving process; each argument selects one fault. It prints { pid, child } on stdout
// once it is ready, and runs until its stdin ends.
import { spawn } from "node:child_process";

const manners = new Set(process.argv.slice(2));

if (manners.has("ignores-sigterm")) process.on("SIGTERM", () => {});
if (manners.has("ignores-eof")) setInterval(() => {}, 1000);

let child;
if (manners.has("has-child")) child = startChild({});
if (manners.has("has-child-in-own-session")) child = startChild({ detached: true });
if (manners.has("has-child-in-own-group")) {
  // Job control gives each background job a group, in the session of the shell.
  const shell = spawn("bash", ["-c", "set -m; sleep 600 >&2 & echo $!; wait"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = { pid: Number(await new Promise((resolve) => shell.stdout.once("data", resolve))) };
}

if (manners.has("floods-stderr")) {
  process.stderr.write("x".repeat(3_000_000));
  process.stderr.write(`\n${"line\n".repeat(1000)}\u001b[31mred ☃\u001b[0m\r\nno newline`);
}

process.stdin.resume();
process.stdin.once("end", () => {
  if (manners.has("starts-child-at-end")) {
    // It is ending until SIGUSR2 arrives.
    const ending = setInterval(() => {}, 1000);
    process.once("SIGUSR2", () => clearInterval(ending));
    const late = startChild({ detached: true });
    late.unref();
    process.stdout.write(`${JSON.stringify({ child: late.pid })}\n`);
  }
  if (manners.has("fails")) process.exitCode = 3;
});
process.stdout.write(`${JSON.stringify({ pid: process.pid, child: child?.pid })}\n`);

function startChild(options) {
  return spawn("sleep", ["600"], { stdio: ["ignore", "inherit", "inherit"], ...options });
}
