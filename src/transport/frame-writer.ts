import type { WebSocket } from "ws";
import { Fifo } from "../util/fifo.ts";

/** The server accepts frames of up to 16 MiB. Smaller frames leave room for pings between them. */
const MAX_FRAME_BYTES = 256 * 2 ** 10;
/** How much is written to the stream ahead of what the network has accepted. */
const MAX_BUFFERED_BYTES = 2 ** 20;

interface Frame {
  readonly data: string | Buffer;
  readonly fin: boolean;
}

/**
 * Writes text messages to a WebSocket in frames, no faster than the network accepts them: a
 * stream reports a large write only when all of it has been written.
 */
export class FrameWriter {
  readonly #socket: WebSocket;
  readonly #onProgress: () => void;
  readonly #waiting = new Fifo<Frame>();

  /** `onProgress` is called when the network has accepted a frame and more frames are waiting. */
  constructor(socket: WebSocket, onProgress: () => void) {
    this.#socket = socket;
    this.#onProgress = onProgress;
  }

  write(text: string): void {
    // A UTF-16 code unit takes up to three bytes.
    if (text.length * 3 <= MAX_FRAME_BYTES) {
      this.#add({ data: text, fin: true });
      return;
    }
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += MAX_FRAME_BYTES) {
      const end = start + MAX_FRAME_BYTES;
      this.#add({ data: bytes.subarray(start, end), fin: end >= bytes.length });
    }
  }

  /** Writes everything to the stream. */
  flush(): void {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#send(next);
  }

  #add(frame: Frame): void {
    if (this.#waiting.size === 0 && this.#hasRoom) this.#send(frame);
    else this.#waiting.push(frame);
  }

  get #hasRoom(): boolean {
    return this.#socket.bufferedAmount < MAX_BUFFERED_BYTES;
  }

  #send({ data, fin }: Frame): void {
    this.#socket.send(data, { binary: false, fin }, this.#taken);
  }

  readonly #taken = (error?: Error | null): void => {
    if (this.#waiting.size === 0) return;
    if (error) {
      this.#waiting.clear();
      return;
    }
    this.#onProgress();
    while (this.#waiting.size > 0 && this.#hasRoom) this.#send(this.#waiting.shift() as Frame);
  };
}
