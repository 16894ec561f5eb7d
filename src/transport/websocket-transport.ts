import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { InvalidInputError, TransportClosedError } from "../errors/errors.ts";
import type { Transport, TransportEvents } from "./transport.ts";

/** The server takes frames of 16 MiB at most; longer messages go in several. */
const MAX_FRAME_BYTES = 8 * 2 ** 20;
/** Above some 64 MiB the server drops the connection. */
const MAX_MESSAGE_BYTES = 64_000_000;
/** How long a peer may be silent before it is asked for a sign of life, and again before it counts as gone. */
const HEARTBEAT_MS = 20_000;
const CLOSE_GRACE_MS = 1_000;

/** One JSON message a text message, over a WebSocket that is open or opening. */
export class WebSocketTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #name: string;
  readonly #stream: Duplex | undefined;
  /** What came before anybody listened. */
  #early: string[] = [];
  #events: TransportEvents | undefined;
  #ended: TransportClosedError | undefined;
  #heard = true;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #gone: Promise<void>;

  /** `stream` carries the WebSocket, where it is not the WebSocket's own. */
  constructor(socket: WebSocket, name: string, stream: Duplex | undefined) {
    this.#socket = socket;
    this.#name = name;
    this.#stream = stream;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    let cause: Error | undefined;
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("pong", () => {
      this.#heard = true;
    });
    socket.on("error", (error) => {
      cause = error;
    });
    this.#gone = new Promise((resolve) => {
      socket.once("close", (code, why) => {
        clearInterval(this.#heartbeat);
        this.#end(this.#closedError(code, why.toString(), cause));
        resolve();
      });
    });
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    for (const text of this.#early.splice(0)) events.message(text);
    if (this.#ended) events.closed(this.#ended);
  }

  send(text: string): void {
    const { length } = text;
    if (length * 3 <= MAX_FRAME_BYTES) this.#socket.send(text);
    else this.#sendInFrames(Buffer.from(text));
  }

  async close(): Promise<void> {
    this.#socket.close(1000);
    // The server answers by hanging up, which a proxy passes on only when this side has hung up too.
    this.#stream?.end();
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS);
    await this.#gone;
    clearTimeout(timer);
  }

  #sendInFrames(bytes: Buffer): void {
    if (bytes.length > MAX_MESSAGE_BYTES) {
      throw new InvalidInputError(
        `A message of ${bytes.length} bytes can't be sent to ${this.#name}: it takes at most ${MAX_MESSAGE_BYTES}`,
      );
    }
    for (let start = 0; start < bytes.length; start += MAX_FRAME_BYTES) {
      const end = start + MAX_FRAME_BYTES;
      const options = { binary: false, fin: end >= bytes.length };
      this.#socket.send(bytes.subarray(start, end), options);
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#heard = true;
    if (isBinary) return;
    const text = data.toString();
    if (this.#events) this.#events.message(text);
    else this.#early.push(text);
  }

  /** A connection that broke without a word looks alive: only an answer shows that it is. */
  #beat(): void {
    if (!this.#heard) this.#socket.terminate();
    this.#heard = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #end(reason: TransportClosedError): void {
    this.#ended = reason;
    this.#events?.closed(reason);
  }

  #closedError(code: number, why: string, cause: Error | undefined): TransportClosedError {
    const words = [`code ${code}`, why, cause?.message].filter(Boolean).join(", ");
    return new TransportClosedError(`The connection to ${this.#name} has closed (${words})`, {
      cause,
    });
  }
}
