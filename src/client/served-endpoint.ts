import { localAddress } from "../process/listen-address.ts";
import { isStillRunning, type ProcessMark } from "../process/running-process.ts";
import { ServerEnded } from "../transport/server-ended.ts";
import type { Endpoint } from "../transport/transport.ts";
import { unixSocket } from "../transport/unix-socket.ts";
import { websocket } from "../transport/websocket.ts";
import { withRecipe } from "../transport/websocket-endpoint.ts";

/**
 * Connects to a server that this program has started, as long as the server runs: it doesn't come
 * back, and a program that takes its port later must not get the token.
 */
export function servedEndpoint(
  address: string,
  token: string | undefined,
  server: ProcessMark,
): Endpoint {
  const endpoint = endpointAt(address, token);
  const guarded: Endpoint = {
    ...endpoint,
    connect: async (signal) => {
      if (await isStillRunning(server)) return endpoint.connect(signal);
      throw new ServerEnded(`The app-server at ${address} has exited`);
    },
  };
  return withRecipe(guarded, { maker: "served", args: [address, token, server] });
}

function endpointAt(address: string, token: string | undefined): Endpoint {
  if (address.startsWith("unix://")) return unixSocket(address.slice("unix://".length));
  // The address belongs to this machine: nothing crosses a network.
  return websocket(localAddress(address), { token, allowInsecureToken: true });
}
