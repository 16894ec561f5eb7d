/** Counts the work in progress, and reports when it begins and when all of it has ended. */
export class Work {
  readonly #changed: (busy: boolean) => void;
  #count = 0;

  constructor(changed: (busy: boolean) => void) {
    this.#changed = changed;
  }

  get isBusy(): boolean {
    return this.#count > 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Counts work that begins. Dispose of the result when the work has ended. */
  begin(): Disposable {
    if (this.#count++ === 0) this.#changed(true);
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        if (--this.#count === 0) this.#changed(false);
      },
    };
  }

  /** Counts until the promise has settled. */
  until(settled: Promise<unknown>): void {
    const work = this.begin();
    const end = () => work[Symbol.dispose]();
    settled.then(end, end);
  }
}
