const NEWLINE = 0x0a;

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
    const end = chunk.lastIndexOf(NEWLINE);
    if (end === -1) {
      this.#partial.push(chunk);
      return;
    }
    const whole = this.#take(chunk.subarray(0, end));
    if (end + 1 < chunk.length) this.#partial.push(chunk.subarray(end + 1));
    this.#cut(whole);
  }

  /** The last line of a stream that ended without a newline, if there is one. */
  end(): void {
    if (this.#partial.length > 0) this.#cut(this.#take(Buffer.alloc(0)));
  }

  #take(last: Buffer): string {
    if (this.#partial.length === 0) return last.toString("utf8");
    const whole = Buffer.concat([...this.#partial, last]);
    this.#partial = [];
    return whole.toString("utf8");
  }

  #cut(text: string): void {
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
