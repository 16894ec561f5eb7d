import { TurnLostError } from "../errors/errors.ts";
import { type Ask, reconcile } from "./reconcile.ts";
import type { ThreadChannel } from "./thread-channel.ts";

interface Watched {
  readonly status: { readonly state: string };
  readonly ask: Ask;
}

/** How often silence is counted until the server is asked. */
const TICKS = 4;

/**
 * Asks the server about turns of which nothing was heard for too long: a turn that has ended there
 * ends here, one that still goes on is waited for, one that is gone ends with an error. A turn that
 * waits for a slot that never comes free is found out in the same way.
 */
export class Watchdog {
  readonly #session: Watched;
  readonly #router: { readonly channels: Iterable<ThreadChannel> };
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #blocked = new WeakMap<ThreadChannel, number>();

  /** `idleMs` in milliseconds; 0 watches nothing. */
  constructor(
    session: Watched,
    router: { readonly channels: Iterable<ThreadChannel> },
    idleMs: number,
  ) {
    this.#session = session;
    this.#router = router;
    if (idleMs > 0) this.#timer = setInterval(() => this.#tick(), idleMs / TICKS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#session.status.state !== "ready") return;
    for (const channel of this.#router.channels) {
      if (this.#isSilent(channel)) this.#check(channel);
    }
  }

  #isSilent(channel: ThreadChannel): boolean {
    const records = [...channel.records];
    const silences = records.map((record) => record.countSilence());
    if (records.length > 0) return silences.some((count) => count % TICKS === 0);
    const blocked = channel.hasWaiters ? (this.#blocked.get(channel) ?? 0) + 1 : 0;
    this.#blocked.set(channel, blocked);
    return blocked > 0 && blocked % TICKS === 0;
  }

  async #check(channel: ThreadChannel): Promise<void> {
    const { ask } = this.#session;
    try {
      const { thread } = (await ask("thread/read", { threadId: channel.id })) as {
        thread: { status: { type: string } };
      };
      const unknown = await reconcile(channel, ask);
      if (thread.status.type === "active") return;
      channel.forgetActive();
      for (const record of unknown) {
        record.fail(new TurnLostError(record, "the server does not know it"));
      }
    } catch (cause) {
      if (this.#session.status.state !== "ready") return;
      for (const record of channel.records) {
        record.fail(
          new TurnLostError(record, `the server does not say how it is: ${cause}`, { cause }),
        );
      }
    }
  }
}
