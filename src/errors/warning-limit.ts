/**
 * Limits warnings that a peer could cause endlessly: the first ones are reported individually, then
 * one each time the count doubles.
 */
export class WarningLimit {
  readonly #each: number;
  readonly #windowMs: number;
  #count = 0;
  #since = 0;

  /**
   * The first `each` are reported individually. The count restarts after `windowMs` milliseconds;
   * default: never.
   */
  constructor(each: number, windowMs: number = Number.POSITIVE_INFINITY) {
    this.#each = each;
    this.#windowMs = windowMs;
  }

  /**
   * Counts one more warning. Returns undefined if it shouldn't be reported, otherwise the text to
   * append to it: "" or the count.
   */
  next(what: string): string | undefined {
    const now = performance.now();
    if (now - this.#since > this.#windowMs) this.#count = 0;
    if (this.#count === 0) this.#since = now;
    const count = ++this.#count;
    if (count <= this.#each) return "";
    return Number.isInteger(Math.log2(count)) ? ` (${count} ${what} so far)` : undefined;
  }
}
