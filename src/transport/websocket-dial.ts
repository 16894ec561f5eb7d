import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { LaunchError } from "../errors/errors.ts";
import { onAbort } from "../util/abort.ts";
import type { Transport } from "./transport.ts";
import { WebSocketTransport } from "./websocket-transport.ts";

export interface Dial {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The stream that carries the WebSocket; default a socket to the URL's host. */
  readonly stream: Duplex | undefined;
  readonly signal: AbortSignal;
}

/**
 * Opens a WebSocket. What the server says when it refuses is in the error; an abort rejects with
 * the signal's reason, and the socket is gone.
 */
export async function openWebSocket(name: string, dial: Dial): Promise<Transport> {
  const { WebSocket } = await import("ws");
  const { url, headers, stream, signal } = dial;
  if (signal.aborted) {
    stream?.destroy();
    throw signal.reason;
  }
  const socket = new WebSocket(url, {
    headers,
    perMessageDeflate: false,
    // The largest histories come as one message.
    maxPayload: 0,
    ...(stream ? { createConnection: () => stream as never } : {}),
  });
  // Listens from the start: the server may speak in the same packet as it accepts.
  const transport = new WebSocketTransport(socket, name, stream);
  try {
    await opened(socket, name, signal);
    return transport;
  } catch (error) {
    socket.terminate();
    stream?.destroy();
    throw error;
  }
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

function unreachable(name: string, cause?: Error): LaunchError {
  const why = cause?.message || (cause as NodeJS.ErrnoException | undefined)?.code;
  return new LaunchError(
    `Could not connect to the app-server at ${name}: ${why || "it closed the connection"}. Is it running there?`,
    { cause },
  );
}

async function refusal(name: string, response: IncomingMessage): Promise<LaunchError> {
  let body = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      body += chunk;
      if (body.length > 1_000) break;
    }
  } catch {
    // The status alone says enough.
  }
  const said = body.trim() || response.statusMessage;
  return new LaunchError(
    `The app-server at ${name} refused the connection: ${response.statusCode} ${said}`,
  );
}
