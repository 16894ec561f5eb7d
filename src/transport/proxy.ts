import { LAUNCH_CHECKS, type LaunchOptions } from "../process/launch-options.ts";
import { type Check, nonEmpty, requireOptions } from "../util/checks.ts";
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
 * @throws TypeError for an unknown option, or a value of the wrong type.
 *
 * @example
 * const codex = new Codex({ transport: proxy({ sock: "/run/codex.sock" }) });
 */
export function proxy(options: ProxyOptions = {}): Endpoint {
  requireOptions("proxy", options, CHECKS);
  return webSocketEndpoint(`proxy ${options.sock ?? "to the default socket"}`, {
    url: "ws://localhost/",
    maxMessageBytes: options.maxMessageBytes,
    async carrier() {
      const { openProxy } = await import("./proxy-carrier.ts");
      return openProxy(options, options.sock);
    },
    recipe: { maker: "proxy", args: [options] },
  });
}
