import type { Notification } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";

/**
 * The active threads, as the server reports them, including those that this client has no handle
 * for or has unsubscribed from.
 */
export class ActiveThreads {
  readonly #ids = new Set<string>();
  #lastEndAt = Number.NEGATIVE_INFINITY;

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /** When the last active thread became idle, by `performance.now()`. */
  get lastEndAt(): number {
    return this.#lastEndAt;
  }

  accept({ method, params }: Notification): void {
    if (!isRecord(params) || typeof params.threadId !== "string") return;
    switch (method) {
      case "thread/status/changed":
        if (isRecord(params.status) && params.status.type === "active") {
          this.#ids.add(params.threadId);
          return;
        }
        break;
      case "thread/closed":
      case "thread/archived":
      case "thread/deleted":
        break;
      default:
        return;
    }
    if (this.#ids.delete(params.threadId)) this.#lastEndAt = performance.now();
  }

  /** Forgets all threads, because the server that reported them has ended. */
  clear(): void {
    this.#ids.clear();
  }
}
