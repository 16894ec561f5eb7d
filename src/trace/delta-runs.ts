import { DeltaRun, type Write } from "./delta-run.ts";

/** The number of runs that are held back at a time. */
const MAX_RUNS = 256;

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
  readonly #isHarmless: (head: string) => boolean;

  /** `isHarmless`: whether nothing in the start of a delta's line must be masked. */
  constructor(write: Write, isHarmless: (head: string) => boolean) {
    this.#write = write;
    this.#isHarmless = isHarmless;
  }

  /** Takes the line of a delta; returns false if it isn't one. */
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
   * Takes the text of a delta whose line starts like this; returns false if the line must be masked
   * as a whole.
   */
  addText(head: string, text: string, time: string, at: number): boolean {
    const last = this.#last;
    const run = last && head === this.#lastHead ? last : this.#runFor(head);
    if (!run) return false;
    this.#last = run;
    this.#lastHead = head;
    return run.addText(text, time, at, this.#write);
  }

  /** Writes the deltas that this message ends. */
  endedBy(message: string): void {
    for (const run of this.#runs.values()) {
      if (run.isMentionedBy(message)) this.#close(run);
    }
  }

  closeAll(): void {
    for (const run of [...this.#runs.values()]) this.#close(run);
  }

  #runFor(line: string): DeltaRun | undefined {
    const made = DeltaRun.of(line);
    if (!made) return undefined;
    const known = this.#runs.get(made.head);
    if (known) return known;
    if (!this.#isHarmless(made.head)) return undefined;
    const [oldest] = this.#runs.values();
    if (oldest && this.#runs.size >= MAX_RUNS) this.#close(oldest);
    this.#runs.set(made.head, made);
    return made;
  }

  #close(run: DeltaRun): void {
    run.close(this.#write);
    this.#runs.delete(run.head);
    if (this.#last === run) this.#last = undefined;
  }
}
