import { startTimer } from "../util/timer.ts";

/** Runs at once what is asked for after a pause, and otherwise once for all that was asked for within `ms` milliseconds. */
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
