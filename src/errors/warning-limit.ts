/**
 * Thins out warnings that somebody else can cause without end: the first ones are due each, then one
 * whenever their number has doubled.
 */
export class WarningLimit {
  readonly #each: number;
  readonly #windowMs: number;
  #count = 0;
  #since = 0;

  /** So many are due one by one; the count starts again after `windowMs` milliseconds, default never. */
  constructor(each: number, windowMs: number = Number.POSITIVE_INFINITY) {
    this.#each = each;
    this.#windowMs = windowMs;
  }

  /** Counts one more. Undefined when it is not due; else what to add to it: "", or how many there were. */
  next(what: string): string | undefined {
    const now = performance.now();
    if (now - this.#since > this.#windowMs) this.#count = 0;
    if (this.#count === 0) this.#since = now;
    const count = ++this.#count;
    if (count <= this.#each) return "";
    return Number.isInteger(Math.log2(count)) ? ` (${count} ${what} so far)` : undefined;
  }
}
