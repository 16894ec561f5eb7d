import { type ExitStatus, LaunchError } from "../errors/errors.ts";
import { LAUNCH_CHECKS, type LaunchOptions } from "../process/launch-options.ts";
import { type ListenAddress, parseListen } from "../process/listen-address.ts";
import { type ListeningServer, spawnListening } from "../process/listening-server.ts";
import { markProcess, type ProcessMark } from "../process/running-process.ts";
import { serverCommand } from "../process/server-command.ts";
import type { Endpoint } from "../transport/transport.ts";
import {
  type Check,
  milliseconds,
  nonEmpty,
  requireOptions,
  show,
  signal,
} from "../util/checks.ts";
import { deadline } from "../util/deadline.ts";
import { authentication, type ServeAuth } from "./serve-auth.ts";
import { servedEndpoint } from "./served-endpoint.ts";

export interface ServeOptions extends LaunchOptions {
  /** Where to listen: "ws://127.0.0.1:0" (port 0: any free port) or "unix:///path/to.sock". */
  readonly listen: string;
  /**
   * How clients authenticate. Default on `ws://`: a token generated for this server. `{ token }`
   * sets your own, of at least 16 visible ASCII characters; it should be random, because process
   * lists show its SHA-256. `"none"` lets every user and every program on this machine connect and
   * run commands as you; it isn't allowed for addresses that other machines can reach. A Unix
   * socket has no token: only your user can open its file.
   */
  readonly auth?: ServeAuth | undefined;
  /** How long the server can take to become ready, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Cancels the start, and stops what was started. */
  readonly signal?: AbortSignal | undefined;
}

const CHECKS: Readonly<Record<keyof ServeOptions, Check>> = {
  listen: nonEmpty,
  auth: () => undefined, // The valid values depend on the address.
  ...LAUNCH_CHECKS,
  timeoutMs: milliseconds,
  signal,
};

/** An app-server that any number of clients can connect to. It stops on `close()`, or when this process exits. */
export interface ServedAppServer extends AsyncDisposable {
  /** The address that it listens on, such as "ws://127.0.0.1:33081" or "unix:///path/to.sock". */
  readonly address: string;
  /** The bearer token that the server requires, if any. Not shown when the object is printed. */
  readonly token: string | undefined;
  readonly pid: number;
  /**
   * For the `transport` option of a client in this process. When the server has exited, the client
   * doesn't try to reconnect.
   */
  endpoint(): Endpoint;
  /** Resolves when the server has exited. */
  readonly exited: Promise<ExitStatus>;
  close(): Promise<void>;
}

/**
 * Starts an app-server that listens, and resolves when it is ready for clients.
 * @throws TypeError for an unknown option, one of the wrong type, or an unsupported address;
 * LaunchError if the server doesn't become ready, or reports a different address.
 *
 * @example
 * const server = await Codex.serve({ listen: "ws://127.0.0.1:0" });
 * const codex = new Codex({ transport: server.endpoint() });
 */
export async function serve(options: ServeOptions): Promise<ServedAppServer> {
  requireOptions("Codex.serve", options, CHECKS);
  const { listen, cwd, timeoutMs = 30_000 } = options;
  const { token, args } = authentication(options.auth, checkedListen(listen));
  const late = (ms: number) =>
    new LaunchError(`The app-server was not ready at ${listen} within ${ms} ms`);
  using limit = deadline(options.signal, timeoutMs, late);
  limit.signal?.throwIfAborted();
  const command = serverCommand(options, ["app-server", "--listen", listen, ...args]);
  const server = await spawnListening({ ...command, cwd }, listen, limit.signal);
  return new Served(server, token, await markProcess(server.pid));
}

function checkedListen(listen: unknown): ListenAddress {
  const address = parseListen(listen);
  if (address !== undefined) return address;
  throw new TypeError(
    `Codex.serve option listen must be "ws://IP:PORT" or "unix:///absolute/path", not ${show(listen)}`,
  );
}

/** A started server. Its members are getters, so that printing the object doesn't show the token. */
class Served implements ServedAppServer {
  readonly #server: ListeningServer;
  readonly #token: string | undefined;

  readonly #mark: ProcessMark;

  constructor(server: ListeningServer, token: string | undefined, mark: ProcessMark) {
    this.#server = server;
    this.#token = token;
    this.#mark = mark;
  }

  get address(): string {
    return this.#server.address;
  }

  get token(): string | undefined {
    return this.#token;
  }

  get pid(): number {
    return this.#server.pid;
  }

  get exited(): Promise<ExitStatus> {
    return this.#server.exited;
  }

  endpoint(): Endpoint {
    return servedEndpoint(this.address, this.#token, this.#mark);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
