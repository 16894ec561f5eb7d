import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { ExitStatus } from "../errors/errors.ts";
import { type EnvironmentOverrides, serverEnvironment } from "./environment.ts";
import { killLeftBehind } from "./family.ts";
import { launchError } from "./launch-error.ts";
import { followStderr } from "./stderr-tail.ts";
import { type TerminateOptions, terminate } from "./terminate.ts";

export interface SpawnOptions {
  /** Path of the executable. */
  readonly command: string;
  readonly args: readonly string[];
  /** Default: the working directory of this process. */
  readonly cwd?: string | undefined;
  /** Merged over the environment of this process, without the variables of an enclosing Codex; undefined unsets one. */
  readonly env?: EnvironmentOverrides | undefined;
  /** Called with each line of stderr, without colours and cut after 8 kB. */
  readonly onStderrLine?: ((line: string) => void) | undefined;
}

/**
 * A running app-server. It exits when its stdin ends, and therefore also when this process dies.
 */
export interface AppServerProcess {
  readonly pid: number;
  /** A failed write is reported to its callback, never as an unhandled error. */
  readonly stdin: Writable;
  /** Must be read. Closes within half a second of the exit, like stderr. */
  readonly stdout: Readable;
  /**
   * Resolves after the exit, once stderr has been read to its end: at most half a second later,
   * even if a process that outlives the server keeps it open. Never rejects.
   */
  readonly exited: Promise<ExitStatus>;
  /** The last lines of stderr, oldest first: at most 400, of at most 8 kB each. */
  stderrTail(): string[];
  /** Sets whether the server keeps this program running. By default it does. */
  keepAlive(on: boolean): void;
  /** Ends the server and its child processes; see `terminate`. Idempotent. */
  terminate(options?: TerminateOptions): Promise<ExitStatus>;
}

/**
 * Starts an app-server as the leader of its own process group, so that Ctrl-C in a terminal doesn't
 * reach it.
 *
 * @throws LaunchError with the reason if it can't be started.
 */
export async function spawnAppServer(options: SpawnOptions): Promise<AppServerProcess> {
  const child = start(options);
  if (child.pid === undefined) {
    const [cause] = await once(child, "error");
    throw launchError(options, cause);
  }
  return appServerProcess(child, child.pid, options);
}

function start(options: SpawnOptions): ChildProcessWithoutNullStreams {
  try {
    return spawn(options.command, options.args, {
      cwd: options.cwd,
      env: serverEnvironment(options.env),
      detached: process.platform !== "win32",
      windowsHide: true,
    });
  } catch (cause) {
    throw launchError(options, cause);
  }
}

function appServerProcess(
  child: ChildProcessWithoutNullStreams,
  pid: number,
  { onStderrLine }: SpawnOptions,
): AppServerProcess {
  const { stdin, stdout, stderr } = child;
  // A pipe that breaks with the server is reported by `exited`, and to readers and writers.
  for (const emitter of [child, stdin, stdout, stderr]) emitter.on("error", () => {});

  const stderrTail = followStderr(stderr, onStderrLine);
  const stderrClosed = new Promise((resolve) => stderr.once("close", resolve));
  const gone = exitOf(child, pid);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  let ending: Promise<ExitStatus> | undefined;
  return {
    pid,
    stdin,
    stdout,
    exited: gone.then((status) => stderrClosed.then(() => status)),
    stderrTail,
    keepAlive(on) {
      const handles = [child, ...[stdin, stdout, stderr].filter((pipe) => pipe instanceof Socket)];
      for (const handle of handles) on ? handle.ref() : handle.unref();
    },
    terminate(options) {
      ending ??= terminate({ pid, stdin, exited: gone, isRunning }, options);
      return ending;
    },
  };
}

function exitOf(child: ChildProcessWithoutNullStreams, pid: number): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      killLeftBehind(pid, code === 0);
      closePipesSoon(child);
      resolve({ code, signal });
    });
  });
}

/** How long the pipes of a dead server stay open if another process still holds their other end. */
const drainMs = 500;

function closePipesSoon(child: ChildProcessWithoutNullStreams): void {
  const timer = setTimeout(() => {
    // If the timer fires late, there may still be output to read first.
    setImmediate(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    });
  }, drainMs);
  timer.unref();
  child.once("close", () => clearTimeout(timer));
}
