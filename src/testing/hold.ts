import { setTimeout as sleep } from "node:timers/promises";

/** Pauses a reply until `wait()` settles. */
export interface Hold {
  /** Resolves to continue the reply; rejects with the signal's reason if the signal aborts first. */
  wait(signal: AbortSignal): Promise<void>;
}

/**
 * A point in a reply at which the model pauses until the test opens it. Everything before the gate
 * has been sent by then. An open gate stays open.
 *
 * @example
 * const gate = new Gate();
 * model.enqueue(text(["Hel", gate, "lo"]));
 * await gate.reached; // "Hel" was sent, and nothing after it
 * gate.open();
 */
export class Gate implements Hold {
  /** Resolves when a reply has reached the gate for the first time. */
  readonly reached: Promise<void>;
  readonly #opened: Promise<void>;
  readonly #reach: () => void;
  readonly #open: () => void;

  constructor() {
    [this.reached, this.#reach] = latch();
    [this.#opened, this.#open] = latch();
  }

  /** Lets all waiting and later replies pass. */
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

/** Pauses the reply for this many milliseconds. */
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
