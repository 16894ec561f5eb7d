import { isAscii } from "node:buffer";

const NEWLINE = 0x0a;

/**
 * Lines are decoded together up to this many bytes. More would make one character that is not
 * ASCII slow down all lines around it; and whoever keeps a part of a line keeps so much alive.
 */
const PIECE_BYTES = 8 * 1024;

/**
 * Cuts a byte stream into lines and hands each on as text. Bytes are decoded once, when their line
 * is whole, so that a character split between chunks stays whole and a line of many chunks costs
 * time linear in its length. Blank lines are dropped; a CR before the newline is left (to JSON it
 * is white space).
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  /** The chunks of a line whose end has not come yet. */
  #partial: Buffer[] = [];

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = this.#partial.length > 0 ? this.#finishPartial(chunk) : 0;
    while (start < chunk.length) {
      const end = endOfPiece(chunk, start);
      if (end === -1) {
        this.#partial.push(chunk.subarray(start));
        return;
      }
      this.#cut(chunk.subarray(start, end));
      start = end + 1;
    }
  }

  /** The last line of a stream that ended without a newline, if there is one. */
  end(): void {
    this.#cut(Buffer.concat(this.#partial));
    this.#partial = [];
  }

  /** Takes from the chunk what is missing of the line; gives the place of the next one. */
  #finishPartial(chunk: Buffer): number {
    const end = chunk.indexOf(NEWLINE);
    this.#partial.push(end === -1 ? chunk : chunk.subarray(0, end));
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
    if (line !== "" && line !== "\r") this.#onLine(line);
  }
}

/** The place of the newline after one or more whole lines from `start` on; -1 when none is whole. */
function endOfPiece(chunk: Buffer, start: number): number {
  const last = chunk.lastIndexOf(NEWLINE, start + PIECE_BYTES);
  return last >= start ? last : chunk.indexOf(NEWLINE, start + PIECE_BYTES);
}
