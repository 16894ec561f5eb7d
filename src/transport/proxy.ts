import { Duplex } from "node:stream";
import { spawnAppServer } from "../process/app-server-process.ts";
import { type EnvironmentOverrides, mergeEnvironment } from "../process/environment.ts";
import { findCodexBinary } from "../process/find-binary.ts";
import type { Endpoint } from "./transport.ts";
import { webSocketEndpoint } from "./websocket.ts";

export interface ProxyOptions {
  /** The Unix socket of the server. Default: the server's own, in CODEX_HOME. */
  readonly sock?: string | undefined;
  readonly codexBin?: string | undefined;
  readonly cwd?: string | undefined;
  readonly env?: EnvironmentOverrides | undefined;
}

/**
 * An app-server behind `codex app-server proxy`, a process that carries the bytes of its Unix
 * socket: for where that process can reach the socket and this one can't.
 */
export function proxy(options: ProxyOptions = {}): Endpoint {
  const { sock, codexBin, cwd, env } = options;
  return webSocketEndpoint(`proxy ${sock ?? "to the default socket"}`, {
    url: "ws://localhost/",
    recipe: { maker: "proxy", args: [options] },
    stream: async () => {
      const command = findCodexBinary({ codexBin, env: mergeEnvironment(process.env, env) });
      const args = ["app-server", "proxy", ...(sock === undefined ? [] : ["--sock", sock])];
      const { stdin, stdout, terminate } = await spawnAppServer({ command, args, cwd, env });
      const stream = Duplex.from({ readable: stdout, writable: stdin });
      stream.once("close", () => void terminate());
      return stream;
    },
  });
}
