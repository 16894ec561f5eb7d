import { startTimer } from "../util/timer.ts";

/** Runs a function at most once in `ms` milliseconds: immediately after a pause, otherwise at the end of that time. */
export class Throttle {
  readonly #ms: number;
  readonly #run: () => void;
  #isWaiting = false;
  #isAsked = false;

  constructor(ms: number, run: () => void) {
    this.#ms = ms;
    this.#run = run;
  }

  ask(): void {
    if (this.#isWaiting) {
      this.#isAsked = true;
      return;
    }
    this.#run();
    this.#isWaiting = true;
    startTimer(this.#ms, () => {
      this.#isWaiting = false;
      if (!this.#isAsked) return;
      this.#isAsked = false;
      this.ask();
    });
  }
}
