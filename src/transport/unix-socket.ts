import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Endpoint } from "./transport.ts";
import { webSocketEndpoint } from "./websocket.ts";

/**
 * An app-server that listens on a Unix socket: `--listen unix://PATH`. It outlives the connection,
 * which is made again when it breaks.
 * @param path Default: the server's own, in CODEX_HOME.
 */
export function unixSocket(path: string = defaultSocketPath()): Endpoint {
  return webSocketEndpoint(`unix://${path}`, {
    // The host is not used, but no WebSocket handshake goes without one.
    url: "ws://localhost/",
    stream: async () => connect(path),
    recipe: { maker: "unixSocket", args: [path] },
  });
}

/** Where `--listen unix://` listens. */
export function defaultSocketPath(env: NodeJS.ProcessEnv = process.env): string {
  const home = env.CODEX_HOME || join(homedir(), ".codex");
  return join(home, "app-server-control", "app-server-control.sock");
}
