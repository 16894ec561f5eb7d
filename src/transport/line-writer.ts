import type { Writable } from "node:stream";

/** How many characters are written at once. Strings are limited to 512 Mi characters. */
const PIECE_CHARS = 2 ** 20;

/**
 * Writes lines at the end of the current iteration of the event loop, many at once, because one write
 * costs more than joining many lines. Large amounts are written in pieces.
 */
export class LineWriter {
  readonly #stream: Writable;
  #waiting = "";
  #scheduled = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  write(line: string): void {
    if (this.#waiting.length + line.length >= PIECE_CHARS) {
      this.flush();
      this.#writePieces(line);
      this.#waiting = "\n";
    } else {
      this.#waiting += `${line}\n`;
    }
    if (!this.#scheduled) process.nextTick(() => this.#flushTick());
    this.#scheduled = true;
  }

  flush(): void {
    const text = this.#waiting;
    // Cleared before the write, because the stream's reader may answer during the write, which calls this method
    // again.
    this.#waiting = "";
    if (text !== "") this.#stream.write(text);
  }

  #flushTick(): void {
    this.#scheduled = false;
    this.flush();
  }

  #writePieces(line: string): void {
    let start = 0;
    while (start < line.length) {
      const end = endOfPiece(line, start);
      this.#stream.write(line.slice(start, end));
      start = end;
    }
  }
}

/** Where a piece of the line ends. Both halves of a surrogate pair stay in one piece, because neither can be encoded alone. */
function endOfPiece(line: string, start: number): number {
  const end = start + PIECE_CHARS;
  const isInsidePair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(line.slice(end - 1, end + 1));
  return isInsidePair ? end - 1 : end;
}
