import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { LaunchError } from "../errors/errors.ts";
import { type Carrier, withErrorListener } from "./carrier.ts";
import { portUsers } from "./port-users.ts";

/**
 * Connects to a server on this machine repeatedly. When the server has exited, another user can
 * listen on its port, and must receive neither a token nor anything else from the client. So later
 * connections are made only to a server that belongs to the same user as the first one, to this
 * user, or to root.
 */
export class LocalPort {
  readonly #name: string;
  readonly #host: string;
  readonly #port: number;
  #trusted: readonly number[] | undefined;

  /** `name` is for errors. */
  constructor(name: string, { hostname, port }: URL) {
    this.#name = name;
    this.#host = hostname.replace(/^\[(.*)\]$/, "$1");
    this.#port = Number(port || 80);
  }

  /** @throws LaunchError if another user listens there now. */
  async connect(signal: AbortSignal): Promise<Carrier> {
    const stream = withErrorListener(connect(this.#port, this.#host));
    try {
      await once(stream, "connect", { signal });
      const users = await this.#users(stream);
      const opened = () => {
        // A forwarded port, such as a container's, has no listener on this machine.
        if (users?.length) this.#trusted ??= [...users, 0, process.getuid?.() ?? 0];
      };
      return { stream, opened, close: async () => void stream.destroy() };
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  async #users(socket: Socket): Promise<readonly number[] | undefined> {
    const users = await this.#listening(socket);
    const trusted = this.#trusted;
    if (users === undefined) return undefined;
    if (trusted === undefined) {
      if (users.length < 2 || isIP(this.#host) !== 0) return users;
      throw new LaunchError(
        `The app-server at ${this.#name} isn't trusted: several users (uid ${users.join(", ")}) listen on this port. ` +
          "Connect to one address instead, such as 127.0.0.1 or [::1]",
      );
    }
    if (users.length > 0 && users.every((user) => trusted.includes(user))) return users;
    throw new LaunchError(
      `The app-server at ${this.#name} isn't trusted: it belongs to a different user than before (uid ${users.join(", ") || "unknown"}). ` +
        "Create a new client if that is intended",
    );
  }

  /**
   * The users who listen on the port of any address that the host can stand for: "localhost" can
   * stand for two, and the port on one of them can be another user's.
   */
  async #listening({
    remoteAddress = "",
    remotePort = 0,
  }: Socket): Promise<readonly number[] | undefined> {
    const addresses = isIP(this.#host) === 0 ? ["127.0.0.1", "::1"] : [remoteAddress];
    const found = await Promise.all(addresses.map((one) => portUsers(one, remotePort)));
    return found.includes(undefined) ? undefined : [...new Set(found.flatMap((one) => one ?? []))];
  }
}
