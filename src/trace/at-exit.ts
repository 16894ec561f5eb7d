/** Closes things when the process exits, with one listener for all. */
class ExitList {
  readonly #open = new Set<Disposable>();

  add(one: Disposable): void {
    if (this.#open.size === 0) process.on("exit", this.#close);
    this.#open.add(one);
  }

  delete(one: Disposable): void {
    this.#open.delete(one);
    if (this.#open.size === 0) process.off("exit", this.#close);
  }

  readonly #close = (): void => {
    for (const one of [...this.#open]) one[Symbol.dispose]();
  };
}

export const atExit: ExitList = new ExitList();
