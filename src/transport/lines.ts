import { isAscii } from "node:buffer";
import { DEFAULT_MAX_MESSAGE_BYTES } from "./message-limit.ts";

const NEWLINE = 0x0a;

/**
 * Lines are decoded together up to this many bytes. With more, one character that is not ASCII
 * would slow down all lines around it, and a retained part of a line keeps its whole block in memory.
 */
const PIECE_BYTES = 8 * 1024;

/** A line is longer than the limit. */
export class LineTooLong extends Error {
  override name = "LineTooLong";
}

/**
 * Cuts a byte stream into lines and hands each on as text. Bytes are decoded once, when their line
 * is whole, so that a character split between chunks stays whole and a line of many chunks costs
 * time and memory linear in its length. Blank lines are dropped; a CR before the newline is left (to
 * JSON it is white space).
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

  /** @throws LineTooLong as soon as a line is longer than the limit, whole or not. */
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

  /** The last line of a stream that ended without a newline, if there is one. */
  end(): void {
    this.#cut(this.#partial.take());
  }

  /** Takes from the chunk what is missing of the line; gives the place of the next one. */
  #finishPartial(chunk: Buffer): number {
    const end = chunk.indexOf(NEWLINE);
    this.#partial.add(end === -1 ? chunk : chunk.subarray(0, end));
    if (end === -1) return chunk.length;
    this.end();
    return end + 1;
  }

  #cut(lines: Buffer): void {
    // As Latin-1 ASCII is decoded several times faster, and the text takes half the memory.
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
 * The bytes of a line whose end has not come yet, in one buffer that grows: a list of chunks would
 * take a hundred times the memory of a line that comes byte by byte.
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
      // Most lines end in the next chunk: the first one is not copied before that.
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

/** The place of the newline after one or more whole lines from `start` on; -1 when none is whole. */
function endOfPiece(chunk: Buffer, start: number): number {
  const last = chunk.lastIndexOf(NEWLINE, start + PIECE_BYTES);
  return last >= start ? last : chunk.indexOf(NEWLINE, start + PIECE_BYTES);
}
