import { EVENT_END, eventStart } from "../bridge/sse.ts";
import { encodeJson } from "./json-of.ts";
import { jsonPieces } from "./json-pieces.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How much of an event is sent at once. A reader that stops reading keeps one or two pieces in memory. */
const PIECE_BYTES = 64 * 1024;

const encoder = new TextEncoder();

/** An event of a log. Its bytes are encoded once, and its readers share them until they are released. */
export class LogEvent {
  /** The number of the last change that the event includes. */
  readonly number: number;
  /** In bytes. */
  readonly size: number;
  readonly #id: string;
  readonly #message: object;
  readonly #maxDepth: number;
  #bytes: Bytes | undefined;

  constructor(number: number, id: string, message: object) {
    const { text, maxDepth } = encodeJson(message);
    this.#bytes = encoder.encode(`${eventStart(id)}${text}${EVENT_END}`);
    this.number = number;
    this.size = this.#bytes.byteLength;
    this.#id = id;
    this.#message = message;
    this.#maxDepth = maxDepth;
  }

  /**
   * Frees the bytes of an event that new readers won't receive. Readers that are in the middle of it encode the rest
   * again, piece by piece: if they kept the bytes, each reader that stops reading could keep a whole state.
   */
  release(): void {
    this.#bytes = undefined;
  }

  /** The event for one reader. */
  *pieces(): Generator<Bytes> {
    let sent = 0;
    while (this.#bytes && sent < this.size) {
      const piece = pieceOf(this.#bytes, sent);
      sent += piece.byteLength;
      yield piece;
    }
    let skipped = 0;
    for (const text of sent < this.size ? this.#texts() : []) {
      const bytes = encoder.encode(text);
      const rest = bytes.subarray(Math.max(0, sent - skipped));
      skipped += bytes.byteLength;
      if (rest.byteLength > 0) yield rest;
    }
  }

  *#texts(): Generator<string> {
    yield eventStart(this.#id);
    yield* jsonPieces(this.#message, this.#maxDepth);
    yield EVENT_END;
  }
}

/** A copy, because a part of a buffer keeps the whole buffer in memory. */
function pieceOf(bytes: Bytes, start: number): Bytes {
  if (bytes.byteLength <= PIECE_BYTES) return bytes;
  return bytes.slice(start, start + PIECE_BYTES);
}
