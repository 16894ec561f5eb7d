/** Runs tasks one after another, in the order of the calls, whether or not they succeed. The first starts at once. */
export class InOrder {
  #unfinished = 0;
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const start = async () => work();
    const done = this.#unfinished === 0 ? start() : this.#last.then(start);
    this.#unfinished++;
    const over = () => {
      this.#unfinished--;
    };
    this.#last = done.then(over, over);
    return done;
  }
}
