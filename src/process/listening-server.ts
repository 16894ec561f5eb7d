import { realpathSync } from "node:fs";
import { type ExitStatus, LaunchError } from "../errors/errors.ts";
import { delay, orAborted } from "../util/abort.ts";
import { type AppServerProcess, type SpawnOptions, spawnAppServer } from "./app-server-process.ts";
import { guarded } from "./guarded-command.ts";
import { lastWords } from "./last-words.ts";
import { localAddress, reportedAddress } from "./listen-address.ts";
import { acceptingSockets, hasProcTable, openSockets, procTable } from "./process-table.ts";
import { knock, readyz } from "./readiness.ts";

/** An app-server process that listens for clients. */
export interface ListeningServer {
  /** The requested address, with the actual port. */
  readonly address: string;
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  close(): Promise<void>;
}

/**
 * Starts a server that listens, and waits until it is ready.
 * @throws LaunchError if it exits before that, or listens elsewhere; the signal's reason if it
 *   aborts.
 */
export async function spawnListening(
  options: SpawnOptions,
  listen: string,
  signal: AbortSignal | undefined,
): Promise<ListeningServer> {
  signal?.throwIfAborted();
  if (await isTaken(listen, signal)) {
    throw new LaunchError(
      `Another server is already listening on ${listen}: connect to it, or stop it`,
    );
  }
  const report = addressReport(listen);
  const server = await spawnAppServer({ ...guarded(options), onStderrLine: report.line });
  server.stdout.resume();
  try {
    const poll = polling(server, signal);
    const address = listen.startsWith("unix://")
      ? listen
      : await poll(async () => report.address());
    let answers = 0;
    await poll(async () => {
      if (!(await isReady(address, signal))) return undefined;
      return acceptsItself(server.pid, address) || ++answers > MAX_DOUBTS || undefined;
    });
    return { address, pid: server.pid, exited: server.exited, close: () => close(server) };
  } catch (error) {
    await close(server);
    throw error;
  }
}

async function close(server: AppServerProcess): Promise<void> {
  await server.terminate();
}

/** The server's address, read from its stderr. */
function addressReport(listen: string) {
  let address: string | undefined;
  let fault: unknown;
  return {
    line(text: string): void {
      try {
        address ??= reportedAddress(text, listen);
      } catch (error) {
        fault ??= error;
      }
    },
    address(): string | undefined {
      if (fault !== undefined) throw fault;
      return address;
    },
  };
}

/** Whether a socket is in use. (If a port is in use, the server exits with an error.) */
async function isTaken(listen: string, signal: AbortSignal | undefined): Promise<boolean> {
  return listen.startsWith("unix://") && (await isReady(listen, signal)) === true;
}

/**
 * Whether the server is ready: /readyz reports it, or the socket accepts a connection. A socket file
 * alone can be left over from a dead server.
 */
async function isReady(
  address: string,
  signal: AbortSignal | undefined,
): Promise<true | undefined> {
  const asked = address.startsWith("unix://")
    ? knock(address.slice("unix://".length), signal)
    : readyz(`${localAddress(address).replace(/^ws/, "http")}/readyz`, signal);
  return asked.then(
    () => true,
    () => undefined,
  );
}

/**
 * How often a socket can answer without being the process's own. A process that has lost the path to another server
 * exits long before that; the socket may belong to one that the process started in the background.
 */
const MAX_DOUBTS = 200;

/**
 * Whether the process, or one that it has started, accepts connections on a Unix socket. Another server can have taken
 * the path in the meantime. True where this can't be known: on other systems than Linux, and for a server in another
 * network namespace.
 */
function acceptsItself(pid: number, address: string): boolean {
  if (!address.startsWith("unix://") || !hasProcTable()) return true;
  const accepting = acceptingSockets(realpathOf(address.slice("unix://".length)));
  if (accepting.size === 0) return true;
  const family = [pid, ...descendants(pid)];
  return family.some((member) => openSockets(member).some((socket) => accepting.has(socket)));
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function descendants(pid: number): number[] {
  return procTable.children(pid).flatMap((child) => [child, ...descendants(child)]);
}

const POLL_MS = 10;

/** Retries a check until it succeeds, the server exits, or the signal aborts. */
function polling(server: AppServerProcess, signal: AbortSignal | undefined) {
  let exit: ExitStatus | undefined;
  server.exited.then((status) => {
    exit = status;
  });
  return async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const answer = await orAborted(ask(), signal);
      if (answer !== undefined) return answer;
      if (exit) throw exitedEarly(server, exit);
      await delay(POLL_MS, signal);
    }
  };
}

function exitedEarly(server: AppServerProcess, { code, signal }: ExitStatus): LaunchError {
  const stderr = server.stderrTail();
  const said = lastWords(stderr).join("\n");
  return new LaunchError(
    `The app-server exited before it was ready (${signal ?? `exit code ${code}`}):\n${said}`,
    { stderr },
  );
}
