import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
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
  /** Laid over the variables of this process, but for those of an enclosing Codex; undefined unsets one. */
  readonly env?: EnvironmentOverrides | undefined;
  /** Hears each line of stderr, without colours and cut after 8 kB. */
  readonly onStderrLine?: ((line: string) => void) | undefined;
}

/** A running app-server. It ends by itself when stdin ends, so also when this process dies. */
export interface AppServerProcess {
  readonly pid: number;
  /** A failed write fails the callback of the write, and is never an unhandled error. */
  readonly stdin: Writable;
  /** Must be read. Like stderr it closes within half a second after the exit. */
  readonly stdout: Readable;
  /**
   * Settles after the exit, once stderr has been read to its end: at most half a second later, even
   * when a process that outlived the server holds it. Never rejects.
   */
  readonly exited: Promise<ExitStatus>;
  /** The last lines of stderr, oldest first: at most 400, of at most 8 kB each. */
  stderrTail(): string[];
  /** Ends the server and what it started; see `terminate`. Later calls share the first one's work. */
  terminate(options?: TerminateOptions): Promise<ExitStatus>;
}

/**
 * Starts an app-server as the head of a process group of its own, so that Ctrl-C in a terminal does
 * not reach it.
 *
 * @throws LaunchError that says what hinders the start.
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
  // A pipe that breaks with the server shows in `exited`, and to those who write or read.
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

/** How long the pipes of a dead server stay open while another process holds their other end. */
const drainMs = 500;

function closePipesSoon(child: ChildProcessWithoutNullStreams): void {
  const timer = setTimeout(() => {
    // When the timer fires late there may still be something to read: that comes first.
    setImmediate(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    });
  }, drainMs);
  timer.unref();
  child.once("close", () => clearTimeout(timer));
}
