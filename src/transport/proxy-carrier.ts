import { Duplex } from "node:stream";
import { spawnAppServer } from "../process/app-server-process.ts";
import type { LaunchOptions } from "../process/launch-options.ts";
import { serverCommand } from "../process/server-command.ts";
import { type Carrier, withErrorListener } from "./carrier.ts";

/** How often to ping the server: the proxy notices that the server has exited only when it can't forward something. */
const PROBE_MS = 1_000;

/** Starts `codex app-server proxy`, and returns its pipes as one stream. */
export async function openProxy(options: LaunchOptions, sock?: string): Promise<Carrier> {
  const { codexBin, env, cwd } = options;
  const args = ["app-server", "proxy", ...(sock === undefined ? [] : ["--sock", sock])];
  const server = await spawnAppServer({ ...serverCommand({ codexBin, env }, args), cwd });
  const pipes = { readable: server.stdout, writable: server.stdin };
  const stream = withErrorListener(Duplex.from(pipes));
  return {
    stream,
    probeMs: PROBE_MS,
    // If the process ends just when it is written to, the joined stream may never close.
    ended: server.exited,
    async close() {
      stream.destroy();
      await server.terminate();
    },
  };
}
