/**
 * Limits warnings that a peer can cause without end: the first ones are reported individually, then
 * one whenever their number has doubled.
 */
export class WarningLimit {
  readonly #each: number;
  readonly #windowMs: number;
  #count = 0;
  #since = 0;

  /** `each` are reported individually; the count restarts after `windowMs` milliseconds, default never. */
  constructor(each: number, windowMs: number = Number.POSITIVE_INFINITY) {
    this.#each = each;
    this.#windowMs = windowMs;
  }

  /** Counts one more. Undefined if it isn't to be reported; otherwise what to append to it: "" or the count. */
  next(what: string): string | undefined {
    const now = performance.now();
    if (now - this.#since > this.#windowMs) this.#count = 0;
    if (this.#count === 0) this.#since = now;
    const count = ++this.#count;
    if (count <= this.#each) return "";
    return Number.isInteger(Math.log2(count)) ? ` (${count} ${what} so far)` : undefined;
  }
}
