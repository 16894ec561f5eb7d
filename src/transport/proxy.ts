import { Duplex } from "node:stream";
import { spawnAppServer } from "../process/app-server-process.ts";
import { LAUNCH_CHECKS, type LaunchOptions } from "../process/launch-options.ts";
import { serverCommand } from "../process/server-command.ts";
import { type Check, nonEmpty, requireOptions } from "../util/checks.ts";
import { withErrorListener } from "./carrier.ts";
import { type MessageLimit, messageBytes } from "./message-limit.ts";
import type { Endpoint } from "./transport.ts";
import { webSocketEndpoint } from "./websocket-endpoint.ts";

export interface ProxyOptions
  extends Omit<LaunchOptions, "config" | "configOverrides">,
    MessageLimit {
  /** The Unix socket of the server. Default: the server's default socket, in CODEX_HOME. */
  readonly sock?: string | undefined;
}

const { config: _, configOverrides: __, ...LAUNCH } = LAUNCH_CHECKS;

const CHECKS: Readonly<Record<keyof ProxyOptions, Check>> = {
  sock: nonEmpty,
  ...LAUNCH,
  maxMessageBytes: messageBytes,
};

/**
 * Connects to an app-server on a Unix socket through a `codex app-server proxy` process, for cases
 * in which that process can reach the socket and this one can't. The owner of the socket isn't
 * checked.
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * const codex = new Codex({ transport: proxy({ sock: "/run/codex.sock" }) });
 */
export function proxy(options: ProxyOptions = {}): Endpoint {
  requireOptions("proxy", options, CHECKS);
  const { sock, cwd } = options;
  return webSocketEndpoint(`proxy ${sock ?? "to the default socket"}`, {
    url: "ws://localhost/",
    maxMessageBytes: options.maxMessageBytes,
    async carrier() {
      const args = ["app-server", "proxy", ...(sock === undefined ? [] : ["--sock", sock])];
      const { codexBin, env } = options;
      const server = await spawnAppServer({ ...serverCommand({ codexBin, env }, args), cwd });
      const pipes = { readable: server.stdout, writable: server.stdin };
      const stream = withErrorListener(Duplex.from(pipes));
      return {
        stream,
        async close() {
          stream.destroy();
          await server.terminate();
        },
      };
    },
    recipe: { maker: "proxy", args: [options] },
  });
}
