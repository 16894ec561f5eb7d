/** How much of a trace is kept in memory, in characters. */
const MAX_CHARS = 32 * 2 ** 20;

/** A line of a trace; the numbers of consecutive lines are consecutive. */
export interface NumberedLine {
  readonly number: number;
  readonly line: string;
}

/** The newest lines of a trace that is being recorded, for readers that come and go. */
export class LiveLog {
  readonly #maxChars: number;
  readonly #listeners = new Set<(line: NumberedLine) => void>();
  #header: string | undefined;
  #lines: string[] = [];
  /** How many lines at the beginning of the list were dropped. */
  #dropped = 0;
  /** The number of the first line of the list. */
  #first = 0;
  #chars = 0;

  constructor(maxChars: number = MAX_CHARS) {
    this.#maxChars = maxChars;
  }

  /** The header of the trace; undefined before it has begun. */
  get header(): string | undefined {
    return this.#header;
  }

  /** The number of the oldest line that is kept. */
  get first(): number {
    return this.#first + this.#dropped;
  }

  readonly add = (line: string): void => {
    if (this.#header === undefined) {
      this.#header = line;
      return;
    }
    const number = this.#first + this.#lines.push(line) - 1;
    this.#chars += line.length;
    while (this.#chars > this.#maxChars && this.first < number) this.#drop();
    for (const listener of this.#listeners) listener({ number, line });
  };

  /** The stored lines from this number on. */
  from(number: number): NumberedLine[] {
    const start = Math.max(number, this.first);
    return this.#lines
      .slice(start - this.#first)
      .map((line, index) => ({ number: start + index, line }));
  }

  /**
   * Calls the listener, which must not throw, with each new line. Returns a function that stops it.
   */
  listen(listener: (line: NumberedLine) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #drop(): void {
    this.#chars -= this.#lines[this.#dropped]?.length ?? 0;
    this.#lines[this.#dropped++] = "";
    if (this.#dropped < 1_000) return;
    this.#lines = this.#lines.slice(this.#dropped);
    this.#first += this.#dropped;
    this.#dropped = 0;
  }
}
