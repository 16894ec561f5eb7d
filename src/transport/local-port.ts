import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { LaunchError } from "../errors/errors.ts";
import { type Carrier, withErrorListener } from "./carrier.ts";
import { portUsers } from "./port-users.ts";

/**
 * Connects to a server on this machine, again and again. When it has ended, another user can listen
 * at its port, and must get neither a token nor what the client sends. So later connections are only
 * made to the user of the first one, to this user, and to root.
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
        // A port that is forwarded, as into a container, has no listener on this machine.
        if (users?.length) this.#trusted ??= [...users, 0, process.getuid?.() ?? 0];
      };
      return { stream, opened, close: async () => void stream.destroy() };
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  async #users({ remoteAddress, remotePort }: Socket): Promise<readonly number[] | undefined> {
    const users = await portUsers(remoteAddress ?? "", remotePort ?? 0);
    const trusted = this.#trusted;
    if (users === undefined || trusted === undefined) return users;
    if (users.length > 0 && users.every((user) => trusted.includes(user))) return users;
    throw new LaunchError(
      `The app-server at ${this.#name} isn't trusted: it belongs to another user than before (uid ${users.join(", ") || "unknown"}). ` +
        "Make a new client if that is intended",
    );
  }
}
