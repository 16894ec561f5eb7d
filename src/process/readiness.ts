import { once } from "node:events";
import { get } from "node:http";
import { connect } from "node:net";

/** Connects to a Unix socket and disconnects; rejects if nothing accepts the connection. */
export async function knock(path: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const socket = connect(path);
  socket.on("error", () => {});
  await once(socket, "connect", signal && { signal }).finally(() => socket.destroy());
}

/** Asks a server over HTTP whether it is ready; rejects unless it responds with 200. */
export function readyz(url: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    // The connection isn't kept alive, because a server that exits would wait for it.
    const request = get(url, { agent: false, signal: signal }, (response) => {
      const { statusCode } = response;
      request.destroy();
      if (statusCode === 200) resolve();
      else reject(new Error(`${url} responded with status ${statusCode}`));
    });
    request.on("error", reject);
  });
}
