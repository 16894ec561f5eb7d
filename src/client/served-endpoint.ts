import { LaunchError } from "../errors/errors.ts";
import { localAddress } from "../process/listen-address.ts";
import { isStillRunning, type ProcessMark } from "../process/running-process.ts";
import type { Endpoint } from "../transport/transport.ts";
import { websocket } from "../transport/websocket.ts";
import { withRecipe } from "../transport/websocket-endpoint.ts";

/**
 * Connects to a server that this program has started on `ws://`, as long as the server runs: a
 * program that takes the port later must not get the token.
 */
export function servedEndpoint(
  address: string,
  token: string | undefined,
  server: ProcessMark,
): Endpoint {
  // The address belongs to this machine: nothing crosses a network.
  const endpoint = websocket(localAddress(address), { token, allowInsecureToken: true });
  const guarded: Endpoint = {
    ...endpoint,
    connect: async (signal) => {
      if (await isStillRunning(server)) return endpoint.connect(signal);
      throw new LaunchError(`The app-server at ${address} has ended`);
    },
  };
  return withRecipe(guarded, { maker: "served", args: [address, token, server] });
}
