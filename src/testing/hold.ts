import { setTimeout as sleep } from "node:timers/promises";

/** Something that stops a reply until it lets go, or until `signal` says that nobody listens any more. */
export interface Hold {
  /** Resolves to let the reply go on; rejects with the signal's reason when that fires first. */
  wait(signal: AbortSignal): Promise<void>;
}

/**
 * A point in a reply where the model stops until the test opens it. What came before the gate has
 * then been sent. A gate once open stays open.
 *
 * @example
 * const gate = new Gate();
 * model.enqueue(text(["Hel", gate, "lo"]));
 * await gate.reached; // the client can have "Hel", and nothing after it
 * gate.open();
 */
export class Gate implements Hold {
  /** Resolves when a reply has got here for the first time. */
  readonly reached: Promise<void>;
  readonly #opened: Promise<void>;
  readonly #reach: () => void;
  readonly #open: () => void;

  constructor() {
    [this.reached, this.#reach] = latch();
    [this.#opened, this.#open] = latch();
  }

  /** Lets every reply that waits here, and every later one, pass. */
  open(): void {
    this.#open();
  }

  async wait(signal: AbortSignal): Promise<void> {
    this.#reach();
    signal.throwIfAborted();
    const [aborted, abort] = latch();
    signal.addEventListener("abort", abort);
    await Promise.race([this.#opened, aborted]);
    signal.removeEventListener("abort", abort);
    signal.throwIfAborted();
  }
}

/** Stops the reply for so many milliseconds. */
export function delay(ms: number): Hold {
  return { wait: (signal) => sleep(ms, undefined, { signal }) };
}

export function isHold(value: object): value is Hold {
  return "wait" in value && typeof value.wait === "function";
}

function latch(): [promise: Promise<void>, release: () => void] {
  let release = (): void => {};
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return [promise, release];
}
