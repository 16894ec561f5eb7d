import { DeltaRun, type IsHarmless, type JoinedTexts, type Write } from "./delta-run.ts";

/** The number of runs that are held back at a time. */
const MAX_RUNS = 256;
/** How much written text is kept until its item ends, in characters. */
const MAX_PLAIN = 4 * 2 ** 20;

/** The deltas that are held back until enough of their text is known to find secrets in it. */
export class DeltaRuns {
  readonly #write: Write;
  readonly #runs = new Map<string, DeltaRun>();
  #last: DeltaRun | undefined;
  /**
   * The start of the last line, as the caller's own string: comparing a string with itself is
   * fastest.
   */
  #lastHead = "";
  readonly #isHarmless: IsHarmless;
  #plainChars = 0;

  /** `isHarmless`: whether text contains nothing to mask. */
  constructor(write: Write, isHarmless: IsHarmless) {
    this.#write = (deltas) => {
      this.#plainChars += deltas.json.length;
      if (this.#plainChars > MAX_PLAIN) this.#forgetPlain();
      return write(deltas);
    };
    this.#isHarmless = isHarmless;
  }

  /** Takes a line; returns false if it isn't a delta. */
  add(line: string, at: number): boolean {
    const last = this.#last;
    if (last?.begins(line)) return last.add(line, at, this.#write);
    const run = this.#runFor(line);
    if (!run) return false;
    this.#last = run;
    this.#lastHead = run.head;
    return run.add(line, at, this.#write);
  }

  /**
   * Takes the text of deltas whose lines start like this; returns false if the lines must be masked as
   * a whole.
   */
  addText(head: string, texts: JoinedTexts): boolean {
    const last = this.#last;
    const run = last && head === this.#lastHead ? last : this.#runFor(head);
    if (!run) return false;
    this.#last = run;
    this.#lastHead = head;
    return run.addText(texts, this.#write);
  }

  /** Writes the deltas that this message ends. Returns their texts without secrets, as JSON. */
  endedBy(message: string): string[] {
    const plain: string[] = [];
    for (const run of this.#runs.values()) {
      if (!run.isMentionedBy(message)) continue;
      this.#close(run);
      if (run.plain !== undefined) plain.push(run.plain);
    }
    if (this.#runs.size === 0) this.#plainChars = 0;
    return plain;
  }

  closeAll(): void {
    for (const run of [...this.#runs.values()]) this.#close(run);
  }

  #runFor(line: string): DeltaRun | undefined {
    const made = DeltaRun.of(line, this.#isHarmless);
    if (!made) return undefined;
    const known = this.#runs.get(made.head);
    if (known) return known;
    if (!this.#isHarmless(`${made.head}"}}`)) return undefined;
    const [oldest] = this.#runs.values();
    if (oldest && this.#runs.size >= MAX_RUNS) this.#close(oldest);
    this.#runs.set(made.head, made);
    return made;
  }

  #forgetPlain(): void {
    for (const run of this.#runs.values()) run.forgetPlain();
    this.#plainChars = 0;
  }

  #close(run: DeltaRun): void {
    run.close(this.#write);
    this.#runs.delete(run.head);
    if (this.#last === run) this.#last = undefined;
  }
}
