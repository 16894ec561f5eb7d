import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExitStatus, LaunchError } from "../errors/errors.ts";
import { type ConfigTable, configArgs } from "../process/config-args.ts";
import { mergeEnvironment } from "../process/environment.ts";
import { findCodexBinary } from "../process/find-binary.ts";
import { type ListeningServer, spawnListening } from "../process/listening-server.ts";
import type { Endpoint } from "../transport/transport.ts";
import { unixSocket } from "../transport/unix-socket.ts";
import { websocket } from "../transport/websocket.ts";
import { deadline } from "../util/deadline.ts";

export interface ServeOptions {
  /** Where to listen: "ws://127.0.0.1:0" (port 0 takes a free one) or "unix:///path/to.sock". */
  readonly listen: string;
  /**
   * What clients must show: a token of your own, or `true` for one that is made. Default none, which
   * the server allows on this machine only.
   */
  readonly auth?: true | { readonly token: string } | undefined;
  readonly codexBin?: string | undefined;
  readonly config?: ConfigTable | undefined;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** How long the server may take until it is ready. In milliseconds; default 30,000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An app-server that any number of clients may connect to. It ends with `close()`, or with this process. */
export interface ServedAppServer extends AsyncDisposable {
  /** Where it listens: "ws://127.0.0.1:33081", "unix:///path/to.sock". */
  readonly address: string;
  /** The bearer token that it asks for, if it does. */
  readonly token: string | undefined;
  readonly pid: number;
  /** For the option `transport` of a client in this process. */
  endpoint(): Endpoint;
  /** Resolves when the server has ended. */
  readonly exited: Promise<ExitStatus>;
  close(): Promise<void>;
}

/**
 * Starts an app-server that listens, and resolves when it is ready for clients.
 * @throws TypeError for an address of another kind; LaunchError when the server does not get ready.
 */
export async function serve(options: ServeOptions): Promise<ServedAppServer> {
  const { listen, codexBin, config = {}, cwd, env, timeoutMs = 30_000 } = options;
  checkListen(listen);
  const auth = await authentication(options.auth);
  const late = (ms: number) =>
    new LaunchError(`The app-server was not ready at ${listen} within ${ms} ms`);
  using limit = deadline(options.signal, timeoutMs, late);
  try {
    const command = findCodexBinary({ codexBin, env: mergeEnvironment(process.env, env) });
    const args = [...configArgs(config), "app-server", "--listen", listen, ...auth.args];
    const server = await spawnListening({ command, args, cwd, env }, listen, limit.signal);
    return served(server, auth);
  } catch (error) {
    await auth.remove();
    throw error;
  }
}

function served(server: ListeningServer, auth: Authentication): ServedAppServer {
  const { address, pid, exited } = server;
  const { token } = auth;
  const close = async () => {
    await server.close();
    await auth.remove();
  };
  return {
    address,
    token,
    pid,
    exited,
    close,
    endpoint: () =>
      address.startsWith("unix://")
        ? unixSocket(address.slice("unix://".length))
        : websocket(address, { token }),
    [Symbol.asyncDispose]: close,
  };
}

function checkListen(listen: unknown): void {
  if (typeof listen === "string" && /^(?:ws:\/\/.+|unix:\/\/\/.+)$/.test(listen)) return;
  throw new TypeError(
    `serve: listen must be "ws://IP:PORT" or "unix:///absolute/path", not ${JSON.stringify(listen)}`,
  );
}

interface Authentication {
  readonly token: string | undefined;
  readonly args: readonly string[];
  remove(): Promise<void>;
}

/** The server reads the token from a file, so that no process list shows it. */
async function authentication(auth: ServeOptions["auth"]): Promise<Authentication> {
  if (auth === undefined) return { token: undefined, args: [], remove: async () => {} };
  const token = auth === true ? randomBytes(32).toString("base64url") : auth.token;
  const folder = await mkdtemp(join(tmpdir(), "codex-token-"));
  const file = join(folder, "token");
  await writeFile(file, token, { mode: 0o600 });
  return {
    token,
    args: ["--ws-auth", "capability-token", "--ws-token-file", file],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
