import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type ExitStatus, LaunchError } from "../errors/errors.ts";
import { type AppServerProcess, type SpawnOptions, spawnAppServer } from "./app-server-process.ts";
import { lastWords } from "./last-words.ts";

/** An app-server process that listens for clients. */
export interface ListeningServer {
  /** As given, with the port that it took. */
  readonly address: string;
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  close(): Promise<void>;
}

/**
 * Starts a server that listens and waits until it is ready. A listening server does not end with
 * its stdin as one on stdio does, so on POSIX a shell stands between: it ends the server when this
 * process is gone, however it went.
 * @throws LaunchError when it exits before; the signal's reason when that aborts.
 */
export async function spawnListening(
  options: SpawnOptions,
  listen: string,
  signal: AbortSignal | undefined,
): Promise<ListeningServer> {
  signal?.throwIfAborted();
  if (await isTaken(listen)) {
    throw new LaunchError(`Another server listens at ${listen} already: connect to it, or end it`);
  }
  let told: string | undefined;
  const onStderrLine = (line: string) => {
    told ??= /listening on: (\S+)/.exec(line)?.[1];
  };
  const server = await spawnAppServer({ ...guarded(options), onStderrLine });
  server.stdout.resume();
  try {
    const address = listen.startsWith("unix://")
      ? listen
      : await toldAddress(server, () => told, signal);
    await ready(server, address, signal);
    return { address, pid: server.pid, exited: server.exited, close: () => close(server) };
  } catch (error) {
    await close(server);
    throw error;
  }
}

/** Runs the command in the background of a shell that ends it when its own stdin ends. */
function guarded(options: SpawnOptions): SpawnOptions {
  if (process.platform === "win32") return options;
  // The first SIGTERM makes a listening server drain its clients, the second makes it exit; two at
  // once would count as one.
  const script =
    'exec 3<&0; "$@" </dev/null 3<&- & server=$!; ' +
    '( cat <&3 >/dev/null; kill -TERM "$server"; sleep 0.1; kill -TERM "$server"; sleep 2; kill -KILL "$server" ) 2>/dev/null & guard=$!; ' +
    'wait "$server"; code=$?; kill "$guard" 2>/dev/null; exit "$code"';
  return {
    ...options,
    command: "/bin/sh",
    args: ["-c", script, "sh", options.command, ...options.args],
  };
}

async function close(server: AppServerProcess): Promise<void> {
  await server.terminate();
}

async function toldAddress(
  server: AppServerProcess,
  told: () => string | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  return poll(server, signal, async () => told());
}

/** Whether a socket is in use. A port that is makes the server exit, which tells. */
async function isTaken(listen: string): Promise<boolean> {
  if (!listen.startsWith("unix://")) return false;
  return knock(listen.slice("unix://".length)).then(
    () => true,
    () => false,
  );
}

/** Ready is when /readyz says so, or when the socket takes a connection: a dead server's socket may be there before. */
async function ready(server: AppServerProcess, address: string, signal: AbortSignal | undefined) {
  const isReady = address.startsWith("unix://")
    ? () => knock(address.slice("unix://".length))
    : async () => {
        const response = await fetch(`${address.replace(/^ws/, "http")}/readyz`);
        if (!response.ok) throw new Error(`/readyz says ${response.status}`);
      };
  await poll(server, signal, () =>
    isReady().then(
      () => true,
      () => undefined,
    ),
  );
}

async function knock(path: string): Promise<void> {
  const socket = connect(path);
  await once(socket, "connect").finally(() => socket.destroy());
}

const POLL_MS = 10;

/** Asks until there is an answer; the server's death or the signal ends the asking. */
async function poll<T>(
  server: AppServerProcess,
  signal: AbortSignal | undefined,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  let exit: ExitStatus | undefined;
  server.exited.then((status) => {
    exit = status;
  });
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (exit) throw exitedEarly(server, exit);
    await wait(POLL_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

function exitedEarly(server: AppServerProcess, { code, signal }: ExitStatus): LaunchError {
  const stderr = server.stderrTail();
  const said = lastWords(stderr).join("\n");
  return new LaunchError(
    `The app-server ended before it was ready (${signal ?? `exit code ${code}`}):\n${said}`,
    { stderr },
  );
}
