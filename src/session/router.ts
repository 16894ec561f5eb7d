import type { Notification, RequestId } from "../rpc/messages.ts";
import { DeltaForms } from "../turn/delta-forms.ts";
import { Wakes } from "../turn/wakes.ts";
import type { NotificationHub } from "./hub.ts";
import { ThreadChannel } from "./thread-channel.ts";

/** Finds for every notification the turn and the thread that it is about. Unknown ones pass by. */
export class Router {
  readonly #hub: NotificationHub;
  readonly #channels = new Map<string, ThreadChannel>();
  readonly #wakes = new Wakes();
  readonly #onResolved: (id: RequestId) => void;
  readonly #forms = new DeltaForms();

  /** `onResolved` hears of server requests that no longer wait for an answer. */
  constructor(hub: NotificationHub, onResolved: (id: RequestId) => void) {
    this.#hub = hub;
    this.#onResolved = onResolved;
  }

  channel(threadId: string): ThreadChannel {
    let channel = this.#channels.get(threadId);
    if (channel === undefined) {
      channel = new ThreadChannel(threadId, this.#wakes);
      this.#channels.set(threadId, channel);
    }
    return channel;
  }

  known(threadId: string): ThreadChannel | undefined {
    return this.#channels.get(threadId);
  }

  get channels(): Iterable<ThreadChannel> {
    return this.#channels.values();
  }

  /** The thread's notifications come from now on, though they had ended before. */
  open(threadId: string): ThreadChannel {
    if (this.#channels.get(threadId)?.failed) this.#channels.delete(threadId);
    return this.channel(threadId);
  }

  forget(threadId: string): void {
    this.#channels.delete(threadId);
  }

  /**
   * Takes the line of a delta unparsed, where that makes no difference to anybody. False: it is to
   * be parsed and given to `accept`.
   */
  acceptLine(text: string): boolean {
    const line = this.#forms.of(text)?.read(text);
    if (line === undefined || this.#hub.wants(line.part.method)) return false;
    return this.#channels.get(line.part.params.threadId)?.acceptLine(line) ?? false;
  }

  accept(notification: Notification): void {
    this.#route(notification);
    this.#hub.publish(notification);
  }

  failAll(reason: Error): void {
    for (const channel of this.#channels.values()) channel.fail(reason);
  }

  #route(notification: Notification): void {
    const params = members(notification.params);
    if (notification.method === "serverRequest/resolved") {
      this.#onResolved(params.requestId as RequestId);
      return;
    }
    if (typeof params.threadId !== "string") return;
    const channel = this.#channels.get(params.threadId);
    if (channel === undefined) return;
    const turnId = params.turnId ?? members(params.turn).id;
    if (typeof turnId === "string") channel.acceptTurn(turnId, notification);
    else if (notification.method === "thread/status/changed") {
      channel.acceptStatus(members(params.status));
    }
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
