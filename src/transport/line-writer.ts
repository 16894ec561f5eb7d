import type { Writable } from "node:stream";

/** Characters that are written at once. A string of more than 512 Mi characters can't exist. */
const PIECE_CHARS = 2 ** 20;

/**
 * Writes lines at the end of this turn of the event loop, many at once: a write costs more than many
 * lines. What has come together by then is written in pieces, so that any amount of it can be.
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
    // Before the write: whatever reads the stream may answer, and so write, within it.
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

/** Both halves of a surrogate pair stay in one piece: alone they could not be encoded. */
function endOfPiece(line: string, start: number): number {
  const end = start + PIECE_CHARS;
  const isInsidePair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(line.slice(end - 1, end + 1));
  return isInsidePair ? end - 1 : end;
}
