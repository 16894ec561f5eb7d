import type { Notification } from "../rpc/messages.ts";

interface Held {
  readonly turnId: string;
  readonly notification: Notification;
}

/** Holds back what arrives for a thread's turns while an earlier part of them is being fetched. */
export class Backlog {
  readonly #deliver: (turnId: string, notification: Notification) => void;
  #held: Held[] | undefined;
  /** The current fetch; a later one replaces it. */
  #fetch: object | undefined;

  constructor(deliver: (turnId: string, notification: Notification) => void) {
    this.#deliver = deliver;
  }

  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  push(turnId: string, notification: Notification): void {
    this.#held?.push({ turnId, notification });
  }

  /** The held notifications of a turn, in order. */
  of(turnId: string): Notification[] {
    const held = this.#held?.filter((one) => one.turnId === turnId) ?? [];
    return held.map(({ notification }) => notification);
  }

  /**
   * Holds back what arrives until `work` is done. If `work` rejects, the connection was lost: the
   * held notifications are useless, and the next connection fetches them again. Never rejects
   * itself.
   */
  async fetch(work: () => Promise<void>, done: () => void): Promise<void> {
    this.#held ??= [];
    const fetch = {};
    this.#fetch = fetch;
    await work().then(
      () => {
        if (this.#fetch !== fetch) return;
        this.#fetch = undefined;
        done();
      },
      () => {
        if (this.#fetch === fetch) this.#fetch = undefined;
      },
    );
  }

  /** Delivers the held notifications in order, unless a fetch is still running. */
  deliver(): void {
    if (!this.#fetch) this.#release(this.#held);
  }

  /** After a lost connection, drops what the next one fetches again, and delivers the rest. */
  abandon(isFetchedAgain: (turnId: string) => boolean): void {
    this.#fetch = undefined;
    this.#release(this.#held?.filter(({ turnId }) => !isFetchedAgain(turnId)));
  }

  #release(held: readonly Held[] = []): void {
    this.#held = undefined;
    // A delivered notification may start another fetch, which holds back the rest.
    for (const { turnId, notification } of held) this.#deliver(turnId, notification);
  }

  clear(): void {
    this.#held = undefined;
    this.#fetch = undefined;
  }
}
