import type { Readable } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { InvalidInputError, TransportClosedError } from "../errors/errors.ts";
import { startTimer } from "../util/timer.ts";
import type { Carrier } from "./carrier.ts";
import { FrameWriter } from "./frame-writer.ts";
import type { GuardableTransport } from "./guarded-transport.ts";
import { tooLarge, tooMuchTooEarly, watchHandshake } from "./message-limit.ts";
import type { TransportEvents } from "./transport.ts";

/** Above about 64 MiB the server drops the connection. */
const MAX_SENT_BYTES = 64_000_000;
/** How long a peer can be silent before a ping is sent, and how much longer until it counts as lost. */
const HEARTBEAT_MS = 20_000;
/** How long a closing connection may take, no matter who closes it. */
export const CLOSE_GRACE_MS = 1_000;

export interface WebSocketPeer {
  readonly name: string;
  /** The stream that carries the WebSocket, if it isn't an ordinary socket. */
  readonly carrier: Carrier | undefined;
  readonly maxMessageBytes: number;
}

/** Sends each JSON message as a text message over a WebSocket that is open or opening. */
export class WebSocketTransport implements GuardableTransport {
  readonly #socket: WebSocket;
  readonly #peer: WebSocketPeer;
  readonly #writer: FrameWriter;
  /** Messages that arrived before `listen`. */
  #early: string[] = [];
  #events: TransportEvents | undefined;
  #ended: TransportClosedError | undefined;
  /** Whether the peer has sent anything since the last ping. */
  #isAlive = true;
  #stopWatching: (() => void) | undefined;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #probe: NodeJS.Timeout | undefined;
  readonly #gone: Promise<void>;

  constructor(socket: WebSocket, peer: WebSocketPeer) {
    this.#socket = socket;
    this.#peer = peer;
    this.#writer = new FrameWriter(socket, this.#alive);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    const { probeMs } = peer.carrier ?? {};
    if (probeMs !== undefined) this.#probe = setInterval(() => this.#ping(), probeMs).unref();
    socket.once("upgrade", ({ socket: stream }: { socket: Readable | null }) => {
      // Bun hides the stream. A listener that is added before the WebSocket's own would consume
      // bytes that came with the response.
      if (stream) socket.once("open", () => this.#watch(stream));
    });
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("pong", this.#alive);
    // `ws` would wait 30 seconds for the answer to its close frame.
    socket.on("error", (error) => this.#refuse(this.#wordsFor(error), error));
    this.#gone = new Promise((resolve) => {
      const gone = (...said: string[]) => {
        clearInterval(this.#heartbeat);
        clearInterval(this.#probe);
        this.#end(this.#closedError(said));
        resolve(peer.carrier?.close());
      };
      socket.once("close", (code, why) => gone(`code ${code}`, why.toString()));
      // What has arrived is read first.
      void peer.carrier?.ended?.then(() => setImmediate(gone, "its process has exited"));
    });
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    for (const text of this.#early.splice(0)) events.message(text);
    if (this.#ended) events.closed(this.#ended);
  }

  established(): void {
    this.#stopWatching?.();
  }

  send(text: string): void {
    const length = text.length * 3 <= MAX_SENT_BYTES ? 0 : Buffer.byteLength(text);
    if (length > MAX_SENT_BYTES) {
      throw new InvalidInputError(
        `A message of ${length} bytes can't be sent to ${this.#peer.name}: it accepts at most ${MAX_SENT_BYTES}`,
      );
    }
    this.#writer.write(text);
  }

  async close(): Promise<void> {
    this.#writer.flush();
    this.#socket.close(1000);
    // The server answers by disconnecting, which a proxy forwards only after this side has disconnected too.
    this.#peer.carrier?.stream.end();
    const timer = startTimer(CLOSE_GRACE_MS, () => this.#socket.terminate());
    await this.#gone;
    timer.cancel();
  }

  #watch(stream: Readable): void {
    // A large message takes a long time on a slow network, and the answer to a ping arrives after it.
    stream.on("data", this.#alive);
    this.#stopWatching = watchHandshake(stream, () =>
      this.#refuse(tooMuchTooEarly(this.#peer.name)),
    );
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#alive();
    if (isBinary || this.#ended) return;
    const text = data.toString();
    if (this.#events) this.#events.message(text);
    else this.#early.push(text);
  }

  readonly #alive = (): void => {
    this.#isAlive = true;
  };

  /** Checks whether the peer is alive. A connection that broke silently looks open; only data from the peer shows that it is. */
  #beat(): void {
    if (this.#isAlive) this.#ask();
    // If the program was busy, what has arrived in the meantime is read first.
    else setImmediate(() => (this.#isAlive ? this.#ask() : this.#socket.terminate()));
  }

  #ask(): void {
    this.#isAlive = false;
    this.#ping();
  }

  #ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #refuse(why: string, cause?: Error): void {
    this.#early = [];
    this.#end(new TransportClosedError(why, { cause }));
    this.#socket.terminate();
  }

  #end(reason: TransportClosedError): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#events?.closed(reason);
  }

  #wordsFor(error: Error): string {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") {
      return tooLarge(this.#peer.name, this.#peer.maxMessageBytes);
    }
    return this.#closedError([error.message || code]).message;
  }

  #closedError(words: readonly (string | undefined)[]): TransportClosedError {
    const said = words.filter(Boolean).join(", ");
    return new TransportClosedError(`The connection to ${this.#peer.name} has closed (${said})`);
  }
}
