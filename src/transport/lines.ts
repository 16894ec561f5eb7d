import { isAscii } from "node:buffer";
import { DEFAULT_MAX_MESSAGE_BYTES } from "./message-limit.ts";

const NEWLINE = 0x0a;

/**
 * Lines are decoded together up to this many bytes. With more, a single non-ASCII character would
 * slow down all lines around it, and a retained substring would keep a larger block in memory.
 */
const PIECE_BYTES = 8 * 1024;

/** A line is longer than the limit. */
export class LineTooLong extends Error {
  override name = "LineTooLong";
}

/**
 * Splits a byte stream into lines of text. Bytes are decoded once, when their line is complete, so
 * that characters split between chunks stay whole, and a line of many chunks takes time and memory
 * linear in its length. Blank lines are dropped; a CR before the newline is kept (in JSON it is
 * white space).
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #maxBytes: number;
  readonly #partial: Partial;

  constructor(onLine: (line: string) => void, maxBytes: number = DEFAULT_MAX_MESSAGE_BYTES) {
    this.#onLine = onLine;
    this.#maxBytes = maxBytes;
    this.#partial = new Partial(maxBytes);
  }

  /** @throws LineTooLong as soon as a line exceeds the limit, complete or not. */
  push(chunk: Buffer): void {
    let start = this.#partial.isEmpty ? 0 : this.#finishPartial(chunk);
    while (start < chunk.length) {
      const end = endOfPiece(chunk, start);
      if (end === -1) {
        this.#partial.add(chunk.subarray(start));
        return;
      }
      this.#cut(chunk.subarray(start, end));
      start = end + 1;
    }
  }

  /** Completes the last line, if the stream ended without a newline. */
  end(): void {
    this.#cut(this.#partial.take());
  }

  /** Completes the line with the chunk; returns the start of the next one. */
  #finishPartial(chunk: Buffer): number {
    const end = chunk.indexOf(NEWLINE);
    this.#partial.add(end === -1 ? chunk : chunk.subarray(0, end));
    if (end === -1) return chunk.length;
    this.end();
    return end + 1;
  }

  #cut(lines: Buffer): void {
    // ASCII is decoded several times faster as Latin-1, and the text takes half the memory.
    const text = lines.toString(isAscii(lines) ? "latin1" : "utf8");
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      this.#emit(text.slice(start, end));
      start = end + 1;
    }
    this.#emit(text.slice(start));
  }

  #emit(line: string): void {
    if (line.length > this.#maxBytes) throw new LineTooLong();
    if (line !== "" && line !== "\r") this.#onLine(line);
  }
}

const EMPTY = Buffer.alloc(0);

/**
 * The bytes of an incomplete line, in one growing buffer. For a line that arrives byte by byte, a
 * list of chunks would take a hundred times the memory.
 */
class Partial {
  readonly #maxBytes: number;
  #buffer: Buffer = EMPTY;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#maxBytes) throw new LineTooLong();
    if (this.isEmpty) {
      // Most lines end in the next chunk, so the first one isn't copied before that.
      this.#buffer = chunk;
    } else {
      this.#makeRoom(length);
      chunk.copy(this.#buffer, this.#length);
    }
    this.#length = length;
  }

  take(): Buffer {
    const bytes = this.#buffer.subarray(0, this.#length);
    this.#buffer = EMPTY;
    this.#length = 0;
    return bytes;
  }

  #makeRoom(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * length, this.#maxBytes)));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** The position of the newline after one or more complete lines from `start`; -1 if there is none. */
function endOfPiece(chunk: Buffer, start: number): number {
  const last = chunk.lastIndexOf(NEWLINE, start + PIECE_BYTES);
  return last >= start ? last : chunk.indexOf(NEWLINE, start + PIECE_BYTES);
}
