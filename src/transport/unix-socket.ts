import { once } from "node:events";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { boolean, type Check, nonEmpty, requireOptions } from "../util/checks.ts";
import { withErrorListener } from "./carrier.ts";
import { type MessageLimit, messageBytes } from "./message-limit.ts";
import { checkSocketOwner } from "./socket-owner.ts";
import type { Endpoint } from "./transport.ts";
import { webSocketEndpoint } from "./websocket-endpoint.ts";

export interface UnixSocketOptions extends MessageLimit {
  /**
   * Allows a socket that belongs to another user, or that others could replace. Default false: the
   * server behind it sees your input and runs commands.
   */
  readonly allowOtherOwner?: boolean | undefined;
}

const CHECKS: Readonly<Record<keyof UnixSocketOptions, Check>> = {
  allowOtherOwner: boolean,
  maxMessageBytes: messageBytes,
};

/**
 * Connects to an app-server that listens on a Unix socket: `--listen unix://PATH`. A lost
 * connection is re-established. The socket, its parent folders and any links in its path must
 * belong to the user of this process or to root, and no one else may be able to replace them.
 * @param path Default: the server's default socket, in CODEX_HOME.
 * @throws TypeError for an unknown option, or a value of the wrong type.
 *
 * @example
 * const codex = new Codex({ transport: unixSocket("/run/user/1000/codex.sock") });
 */
export function unixSocket(
  path: string = defaultSocketPath(),
  options: UnixSocketOptions = {},
): Endpoint {
  requireOptions("unixSocket", { path, ...options }, { path: nonEmpty, ...CHECKS });
  const socketPath = resolve(path);
  return webSocketEndpoint(`unix://${socketPath}`, {
    // The host isn't used, but a WebSocket handshake requires one.
    url: "ws://localhost/",
    maxMessageBytes: options.maxMessageBytes,
    async carrier(signal) {
      const { connect } = await import("node:net");
      const check = async () => (options.allowOtherOwner ? "" : await checkSocketOwner(socketPath));
      const checked = await check();
      signal.throwIfAborted();
      const stream = withErrorListener(connect(socketPath));
      try {
        await once(stream, "connect", { signal });
        // Before the connection was made, another user may have replaced the socket.
        if ((await check()) !== checked)
          throw new Error("the socket was replaced while connecting");
      } catch (error) {
        stream.destroy();
        throw error;
      }
      return { stream, close: async () => void stream.destroy() };
    },
    recipe: { maker: "unixSocket", args: [socketPath, options] },
  });
}

/** Where `--listen unix://` listens. */
export function defaultSocketPath(env: NodeJS.ProcessEnv = process.env): string {
  const home = env.CODEX_HOME || join(homedir(), ".codex");
  return join(home, "app-server-control", "app-server-control.sock");
}
