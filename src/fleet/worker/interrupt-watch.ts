import type { TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";

/** How long the watch waits for a notification before it checks for itself. */
const RECHECK_MS = 2_000;

/** Notices that a turn should be interrupted while it is being prepared: only a turn that has started reads commands. */
export class InterruptWatch implements Disposable {
  readonly #context: WorkerContext;
  readonly #job: TurnJob;
  readonly #interrupted: () => void;
  readonly #subscription: Disposable;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  constructor(context: WorkerContext, job: TurnJob, interrupted: () => void) {
    this.#context = context;
    this.#job = job;
    this.#interrupted = interrupted;
    const look = () => void this.#look().catch(() => {});
    this.#subscription = context.channels.add(context.keys.controlChannel(job.turn), look);
    this.#timer = setInterval(look, RECHECK_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#subscription[Symbol.dispose]();
  }

  async #look(): Promise<void> {
    const { redis, keys } = this.#context;
    const isAsked = await redis.client.hget(keys.turn(this.#job.turn), "interrupt");
    if (isAsked === "1" && !this.#isOver) this.#interrupted();
  }
}
