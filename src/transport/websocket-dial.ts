import type { IncomingMessage } from "node:http";
import type { ClientOptions, WebSocket } from "ws";
import { LaunchError } from "../errors/errors.ts";
import { quoteForeign } from "../text/secrets.ts";
import { onAbort, orAborted } from "../util/abort.ts";
import type { Carrier } from "./carrier.ts";
import type { Transport } from "./transport.ts";
import { CLOSE_GRACE_MS, WebSocketTransport } from "./websocket-transport.ts";

export interface Dial {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Default: a socket to the URL's host. */
  readonly carrier: ((signal: AbortSignal) => Promise<Carrier>) | undefined;
  readonly maxMessageBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a WebSocket. If the server refuses, the error contains its answer. An abort rejects
 * immediately with the signal's reason, and closes the socket.
 */
export async function openWebSocket(name: string, dial: Dial): Promise<Transport> {
  const { url, headers, maxMessageBytes, signal } = dial;
  const { WebSocket } = await import("ws");
  const carrier = await openCarrier(name, dial);
  // The socket may have ended while it was checked, and doesn't report that again.
  if (carrier?.stream.destroyed) throw unreachable(name);
  const socket = new WebSocket(url, {
    ...clientOptions(maxMessageBytes),
    headers,
    ...(carrier ? { createConnection: () => carrier.stream as never } : {}),
  });
  // Listens from the start, because the server may send messages in the packet that accepts the
  // connection.
  const transport = new WebSocketTransport(socket, { name, carrier, maxMessageBytes });
  try {
    await opened(socket, name, signal);
    carrier?.opened?.();
    return transport;
  } catch (error) {
    socket.terminate();
    await carrier?.close();
    throw error;
  }
}

async function openCarrier(name: string, { carrier, signal }: Dial): Promise<Carrier | undefined> {
  signal.throwIfAborted();
  if (carrier === undefined) return undefined;
  try {
    return await orAborted(carrier(signal), signal, (late) => void late.close());
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof LaunchError ? error : unreachable(name, error);
  }
}

/**
 * The options of the WebSocket. They also limit the number of fragments, because each takes memory, no matter how small it is.
 */
function clientOptions(maxMessageBytes: number): ClientOptions {
  const options = {
    perMessageDeflate: false,
    closeTimeout: CLOSE_GRACE_MS,
    maxPayload: maxMessageBytes,
    maxFragments: Math.max(16 * 2 ** 10, Math.ceil(maxMessageBytes / 2 ** 10)),
    maxBufferedChunks: Math.max(256 * 2 ** 10, Math.ceil(maxMessageBytes / 2 ** 9)),
  };
  return options;
}

function opened(socket: WebSocket, name: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(signal.reason));
    const settle = (run: () => void) => {
      stop();
      run();
    };
    socket.once("open", () => settle(resolve));
    socket.once("error", (cause) => settle(() => reject(unreachable(name, cause))));
    socket.once("close", () => settle(() => reject(unreachable(name))));
    socket.once("unexpected-response", (_request, response) => {
      refusal(name, response).then((error) => settle(() => reject(error)));
    });
  });
}

function unreachable(name: string, cause?: unknown): LaunchError {
  const { message, code } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return new LaunchError(
    `Couldn't connect to the app-server at ${name}: ${message || code || "it closed the connection"}. Is it running there?`,
    { cause },
  );
}

const MAX_QUOTED_CHARS = 1_000;

async function refusal(name: string, response: IncomingMessage): Promise<LaunchError> {
  let body = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      body += chunk;
      if (body.length > MAX_QUOTED_CHARS) break;
    }
  } catch {
    // Only the status is needed.
  }
  const said = quoteForeign(body.trim() || (response.statusMessage ?? ""), MAX_QUOTED_CHARS);
  return new LaunchError(
    `The app-server at ${name} refused the connection: ${response.statusCode} ${said}`,
  );
}
