import type { NextRequestOptions, Requests } from "../client/namespaces/requests.ts";
import type { SettledReason } from "../errors/request-errors.ts";
import type { AnswerOption, PendingRequestData } from "../requests/pending-request-data.ts";
import { type PendingRequest, RequestFields } from "../session/pending-request.ts";
import type { Blocking } from "./blocking.ts";
import { ASYNC_ITERATOR } from "./messages.ts";
import { iterate } from "./remote-iterator.ts";
import type { RemoteObject } from "./remote-object.ts";
import type { Subscriptions } from "./subscriptions.ts";

type Mirrors = { thread: never; turn: never; requests: never; request: PendingRequestSync };

type OnSettled = (
  request: PendingRequestSync,
  reason: SettledReason,
  option: AnswerOption | undefined,
) => void;

/** A `PendingRequest` whose `answer()` blocks until the answer has been sent. */
export class PendingRequestSync extends RequestFields implements Blocking<PendingRequest, Mirrors> {
  readonly #remote: RemoteObject;

  /** Created by `CodexSync.requests`. */
  constructor(data: PendingRequestData, remote: RemoteObject) {
    super(data);
    this.#remote = remote;
  }

  /** Answers the request. See `PendingRequest.answer`. */
  answer(optionId: string, content?: unknown): void {
    this.#remote.call(this.answer, "answer", [optionId, content]);
  }
}

/** The server's requests that are waiting for an answer from this program. See `Requests`. */
export class RequestsSync
  implements
    Blocking<Requests, Mirrors, "on" | typeof Symbol.asyncIterator>,
    Iterable<PendingRequestSync>
{
  readonly #remote: RemoteObject;
  readonly #subscriptions: Subscriptions;

  /** Created by the client: `CodexSync.requests`. `remote` is the client. */
  constructor(remote: RemoteObject, subscriptions: Subscriptions) {
    this.#remote = remote;
    this.#subscriptions = subscriptions;
  }

  /** The pending requests, oldest first. */
  get pending(): readonly PendingRequestSync[] {
    return this.#remote.get("requests.pending") as readonly PendingRequestSync[];
  }

  /** The pending request with this id. */
  get(id: string): PendingRequestSync | undefined {
    return this.#remote.call(this.get, "requests.get", [id]) as PendingRequestSync | undefined;
  }

  /** Answers a request by its id. See `Requests.answer`. */
  answer(id: string, optionId: string, content?: unknown): void {
    this.#remote.call(this.answer, "requests.answer", [id, optionId, content]);
  }

  /**
   * Calls `listener` for each request that becomes pending ("added") or is settled ("settled"),
   * but only during a blocking call. Dispose of the result to stop.
   */
  on(event: "added", listener: (request: PendingRequestSync) => void): Disposable;
  on(event: "settled", listener: OnSettled): Disposable;
  on(event: "added" | "settled", listener: OnSettled): Disposable {
    const remote = this.#remote;
    const what = `${event} requests`;
    return this.#subscriptions.listen<Parameters<OnSettled>>(
      { remote, entry: this.on, member: "requests.on", args: [event], what },
      listener,
    );
  }

  /** Waits for a pending request; undefined after `timeoutMs`. See `Requests.next`. */
  next(options: NextRequestOptions = {}): PendingRequestSync | undefined {
    const request = this.#remote.callAbortable(this.next, "requests.next", [options]);
    return request as PendingRequestSync | undefined;
  }

  /** Iterates over the pending requests, then each new one, until the client is closed. */
  [Symbol.iterator](): Generator<PendingRequestSync, undefined> {
    return iterate((entry) => this.#remote.call(entry, `requests.${ASYNC_ITERATOR}`));
  }
}
