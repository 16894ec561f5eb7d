import { type Context, createContext, Script } from "node:vm";
import { InterruptedError } from "./interrupted-error.ts";
import { RUNG } from "./messages.ts";

/** Waits as short as this are not worth what it costs to listen for Ctrl-C. In milliseconds. */
const SHORT_MS = 20;
/** The longest sleep in one piece, in milliseconds: after it somebody looks whether the worker lives. */
const LONG_MS = 15_000;

/**
 * Lets the calling thread sleep until the worker rings. A sleeping thread can't run its SIGINT
 * listeners, and having some it would not die of Ctrl-C either: Node breaks off a script that was
 * run with `breakOnSigint`, whatever it does, so the sleep is inside one.
 */
export class Sleeper {
  readonly #bell: Int32Array;
  #interruptible: { script: Script; context: Context } | undefined;
  #seen = 0;

  constructor(bell: Int32Array) {
    this.#bell = bell;
  }

  /** How often the bell has rung: to be read before looking for messages, then given to `sleep`. */
  get rung(): number {
    return Atomics.load(this.#bell, RUNG);
  }

  /**
   * Sleeps until the bell has rung more often than `rung`. False when it has not for 15 seconds.
   * @throws InterruptedError on Ctrl-C.
   */
  sleep(rung: number): boolean {
    if (Atomics.wait(this.#bell, RUNG, rung, SHORT_MS) !== "timed-out") return true;
    this.#seen = rung;
    this.#interruptible ??= {
      script: new Script("sleep()"),
      context: createContext({
        sleep: () => Atomics.wait(this.#bell, RUNG, this.#seen, LONG_MS),
      }),
    };
    const { script, context } = this.#interruptible;
    try {
      return script.runInContext(context, { breakOnSigint: true }) !== "timed-out";
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw cause;
      throw new InterruptedError("Ctrl-C (SIGINT) ended the wait", { cause });
    }
  }
}

/** Gives the signal, which the sleep has taken, to whom it would have gone. */
export function passOnInterrupt(): void {
  if (process.listenerCount("SIGINT") > 0) setImmediate(() => process.emit("SIGINT", "SIGINT"));
  else process.kill(process.pid, "SIGINT");
}
