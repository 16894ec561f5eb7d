import type { Random } from "./random.ts";
import { UserAbort } from "./user-abort.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface Limits {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const MONTH_MS = 30 * 24 * 60 * 60 * 1_000;

const MAX_SHORT_MS = 1_000;

/** Draws the limits that users set for their calls, and keeps their signals. */
export class LimitMaker {
  readonly signals: AbortSignal[] = [];
  readonly #random: Random;
  readonly #clock: VirtualClock;
  #count = 0;

  constructor(random: Random, clock: VirtualClock) {
    this.#random = random;
    this.#clock = clock;
  }

  /** Sometimes a signal that aborts before or during the call, sometimes a time limit. */
  draw(): Limits {
    const random = this.#random;
    return {
      ...(random.chance(0.25) && { signal: this.signal() }),
      ...(random.chance(0.15) && { timeoutMs: this.#timeout() }),
    };
  }

  /**
   * The same without limits of days: a user who waits that long for an answer delays everything
   * after it.
   */
  drawShort(): Limits {
    const { timeoutMs, ...rest } = this.draw();
    return timeoutMs === undefined || timeoutMs > MAX_SHORT_MS ? rest : { ...rest, timeoutMs };
  }

  signal(): AbortSignal {
    const controller = new AbortController();
    this.signals.push(controller.signal);
    const abort = () => controller.abort(new UserAbort("the user has given up"));
    const when = this.#random.pick(["never", "at once", "later"]);
    if (when === "at once") abort();
    if (when === "later") this.#clock.after(this.#random.between(0, 300), abort);
    return controller.signal;
  }

  /** All limits of a seed are different, so that an error shows which one it is about. */
  #timeout(): number {
    const fraction = ++this.#count / 1_024;
    if (this.#random.chance(0.2)) return this.#random.pick([MONTH_MS + fraction, Infinity]);
    return this.#random.between(1, 400) + fraction;
  }
}
