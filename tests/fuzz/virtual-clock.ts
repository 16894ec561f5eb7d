import { TimerQueue } from "./timer-queue.ts";

const NAMES = ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const;

/** The longest delay of a timer: with a longer one, Node's timers fire after a millisecond. */
const LONGEST_MS = 2 ** 31 - 1;

/** More timers than this fire only in an endless loop; the seed stops there. */
const MAX_FIRED = 60_000;

/** When the virtual time begins, as `Date.now()` has it. */
const EPOCH_MS = 1_800_000_000_000;

/**
 * A clock that advances only during `run`: an hour costs no more than the work that is done in it.
 * When installed, it replaces the global timers and clocks, and counts the timers of the code under
 * test.
 */
export class VirtualClock {
  readonly #queue = new TimerQueue();
  /** Receives the errors that timers throw. */
  onThrow: (error: unknown) => void = () => {};
  #now = 0;
  #fired = 0;

  /** Whether the maximum number of timers has fired, so that no more will. */
  get isExhausted(): boolean {
    return this.#fired >= MAX_FIRED;
  }

  /** In milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** How many timers the code under test has running, unreferenced ones included. */
  get timers(): number {
    return this.#queue.count(({ isHarness }) => !isHarness);
  }

  /** Runs `work` later; the timer belongs to the harness. */
  after(ms: number, work: () => void): void {
    this.#queue.add({ time: this.#now + ms, run: work, everyMs: undefined, isHarness: true });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /**
   * Lets time pass until `done` returns true. Resolves with false if it doesn't within `limitMs`.
   */
  async run(done: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.#now + limitMs;
    for (;;) {
      await settle();
      if (done()) return true;
      if (this.#fired++ >= MAX_FIRED) return false;
      const next = this.#queue.takeUntil(end);
      if (next === undefined) return false;
      this.#now = Math.max(this.#now, next.time);
      if (next.everyMs !== undefined) {
        this.#queue.add({ ...next, time: this.#now + Math.max(next.everyMs, 1) });
      }
      try {
        next.run();
      } catch (error) {
        this.onThrow(error);
      }
    }
  }

  /** Lets this much time pass. */
  async pass(ms: number): Promise<void> {
    let over = false;
    this.after(ms, () => {
      over = true;
    });
    await this.run(() => over, ms);
  }

  /**
   * Replaces the global timers, clocks and random numbers. Returns a function that restores them.
   */
  install(chance: () => number): () => void {
    const real = NAMES.map((name) => [name, globalThis[name]] as const);
    const fakes = [this.#setter(false), this.#clearer, this.#setter(true), this.#clearer];
    NAMES.forEach((name, index) => {
      Object.assign(globalThis, { [name]: fakes[index] });
    });
    const { now } = Date;
    const { random } = Math;
    Math.random = chance;
    const { performance } = globalThis;
    const hadOwn = Object.getOwnPropertyDescriptor(performance, "now");
    Date.now = () => EPOCH_MS + Math.floor(this.#now);
    Object.defineProperty(performance, "now", { value: () => this.#now, configurable: true });
    return () => {
      for (const [name, own] of real) Object.assign(globalThis, { [name]: own });
      Date.now = now;
      Math.random = random;
      if (hadOwn) Object.defineProperty(performance, "now", hadOwn);
      else Reflect.deleteProperty(performance, "now");
    };
  }

  readonly #clearer = (timer: unknown): void => {
    if (timer !== undefined && timer !== null) this.#queue.remove(Number(timer));
  };

  #setter(repeats: boolean) {
    return (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      const wait = ms >= 1 && ms <= LONGEST_MS ? ms : 1;
      const id = this.#queue.add({
        time: this.#now + wait,
        run: () => work(...args),
        everyMs: repeats ? wait : undefined,
        isHarness: false,
      });
      const handle = {
        ref: () => handle,
        unref: () => handle,
        hasRef: () => true,
        refresh: () => handle,
        close: () => this.#queue.remove(id),
        [Symbol.toPrimitive]: () => id,
        [Symbol.dispose]: () => this.#queue.remove(id),
      };
      return handle;
    };
  }
}

/** Resolves when everything that is ready to run has run: promises, ticks, streams. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
