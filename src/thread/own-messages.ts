import { RecentIds } from "../util/recent-ids.ts";

/** How many unseen messages are remembered: a message can wait in the server's queue, behind many others. */
const MAX_WAITING = 10_000;
const REMEMBERED = 64;

/** The client-side ids of messages that requests of this program have sent. */
export class OwnMessages {
  readonly #waiting = new RecentIds(MAX_WAITING);
  /** The messages whose turns have ended. */
  readonly #over = new RecentIds(REMEMBERED);
  readonly #outputs = new RecentIds(MAX_WAITING);

  /** `isOutput`: whether the request has the output of a tool instead of a message. */
  sent(id: string, { isOutput }: { readonly isOutput: boolean }): void {
    this.#waiting.add(id);
    if (isOutput) this.#outputs.add(id);
  }

  /** Notes that the turn that the message started has ended. */
  ended(id: string | undefined): void {
    if (id === undefined || !this.#waiting.has(id)) return;
    this.#waiting.delete(id);
    this.#over.add(id);
  }

  has(id: string | undefined): boolean {
    return id !== undefined && (this.#waiting.has(id) || this.#over.has(id));
  }

  isOutput(id: string | undefined): boolean {
    return id !== undefined && this.#outputs.has(id);
  }
}
