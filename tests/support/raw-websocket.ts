import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** A server that accepts every WebSocket and leaves the bytes to the test. */
export interface RawWebSocketServer extends AsyncDisposable {
  readonly url: string;
  /** How many handshakes it has accepted. */
  readonly accepted: () => number;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export async function startRawWebSocket(
  speak: (socket: Duplex) => void,
): Promise<RawWebSocketServer> {
  let accepted = 0;
  const sockets = new Set<Duplex>();
  const server = createServer();
  server.on("upgrade", (request, socket) => {
    accepted++;
    sockets.add(socket);
    socket.on("error", () => {});
    const key = request.headers["sec-websocket-key"];
    const accept = createHash("sha1").update(`${key}${GUID}`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    speak(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    accepted: () => accepted,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TEXT = 1;
const CONTINUATION = 0;

/** The bytes of one frame of a text message. */
export function frame(payload: Buffer | string, { first = true, fin = true } = {}): Buffer {
  const bytes = Buffer.from(payload);
  return Buffer.concat([header(bytes.length, { first, fin }), bytes]);
}

/** Only the header of a frame, whose payload comes later or never. */
export function header(length: number, { first = true, fin = true } = {}): Buffer {
  const start = (fin ? 0x80 : 0) | (first ? TEXT : CONTINUATION);
  if (length < 126) return Buffer.from([start, length]);
  const bytes = Buffer.alloc(10);
  bytes[0] = start;
  bytes[1] = 127;
  bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes;
}

/** Writes the chunk repeatedly, as fast as it is read, until the stream is closed. */
export function flood(stream: Duplex, chunk: Buffer): void {
  const more = () => {
    while (!stream.destroyed && stream.write(chunk));
  };
  stream.on("drain", more);
  more();
}
