import { within } from "./abort.ts";

/**
 * Looks things up in the file system, one after another. Each lookup that hangs, on a dead network drive for example,
 * keeps one of Node's few threads for file operations: while one hangs, no other begins.
 */
export class PathLookups {
  readonly #limitMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #isStuck = false;

  /** `limitMs`: longer than any working file system takes. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Resolves with undefined if `look` takes too long, or an earlier lookup hangs. `isLate` tells `look` to stop. */
  async run<T>(look: (isLate: () => boolean) => Promise<T>): Promise<T | undefined> {
    if (this.#isStuck) return undefined;
    let isLate = false;
    const looking = this.#last.then(() => (isLate ? undefined : look(() => isLate)));
    this.#last = looking.catch(() => {});
    const found = await within(this.#limitMs, looking);
    isLate = true;
    if (found !== undefined) return found;
    this.#isStuck = true;
    void this.#last.then(() => {
      this.#isStuck = false;
    });
    return undefined;
  }
}
