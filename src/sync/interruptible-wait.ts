import { type Context, createContext, Script } from "node:vm";
import { InterruptedError } from "./interrupted-error.ts";
import { MESSAGES } from "./messages.ts";

/**
 * Waits shorter than this, in milliseconds, don't listen for Ctrl-C, which would cost more than the
 * wait.
 */
const BRIEF_MS = 20;
/** How often to check whether the worker is alive, in milliseconds. */
const CHECK_MS = 500;

/**
 * Blocks the calling thread until the worker posts a message. A blocked thread can't run SIGINT
 * listeners, and in a program that has any, Ctrl-C doesn't end the program either. Node stops a script
 * that runs with `breakOnSigint`, so the wait runs in such a script.
 */
export class InterruptibleWait {
  readonly #counters: Int32Array;
  #interruptible: { readonly script: Script; readonly context: Context } | undefined;
  #seen = 0;
  #isAlive: () => boolean = () => true;

  constructor(counters: Int32Array) {
    this.#counters = counters;
  }

  /** Waits for up to 20 ms. Returns whether the worker has posted more than `seen` messages. */
  briefly(seen: number): boolean {
    return Atomics.wait(this.#counters, MESSAGES, seen, BRIEF_MS) !== "timed-out";
  }

  /**
   * Waits until the worker has posted more than `seen` messages, or `isAlive`, which is called
   * twice a second, returns false.
   * @throws InterruptedError on Ctrl-C.
   */
  interruptibly(seen: number, isAlive: () => boolean): void {
    this.#seen = seen;
    this.#isAlive = isAlive;
    // One script for the whole wait, because Ctrl-C between two scripts would be missed.
    this.#interruptible ??= {
      script: new Script("wait()"),
      context: createContext({ wait: () => this.#wait() }),
    };
    const { script, context } = this.#interruptible;
    try {
      script.runInContext(context, { breakOnSigint: true });
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw cause;
      throw new InterruptedError("Ctrl-C (SIGINT) ended the wait", { cause });
    }
  }

  #wait(): void {
    while (Atomics.wait(this.#counters, MESSAGES, this.#seen, CHECK_MS) === "timed-out") {
      if (!this.#isAlive()) return;
    }
  }
}

/** Delivers the SIGINT that a wait has consumed. */
export function deliverInterrupt(): void {
  if (process.listenerCount("SIGINT") > 0) setImmediate(() => process.emit("SIGINT", "SIGINT"));
  else process.kill(process.pid, "SIGINT");
}
