import type { PendingRequest } from "../../session/pending-request.ts";
import type { OnSettled, PendingRequests } from "../../session/pending-requests.ts";
import { deadline } from "../../util/deadline.ts";
import { checkCall } from "../check-calls.ts";

export interface NextRequestOptions {
  /** Waits for this request. */
  readonly id?: string | undefined;
  /** Waits for a request of this thread. */
  readonly threadId?: string | undefined;
  /** How long to wait, in milliseconds. Default 0: no limit. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The server's requests that are waiting for an answer from this program: approvals for which the
 * `approvals` option, or one of its rules, chooses "ask". With `approvals: "ask"` or `{ questions: "ask" }`, they also
 * include questions and elicitations without a handler.
 *
 * @example
 * codex.requests.on("added", ({ title, options }) => console.log(title, options));
 * for (const request of codex.requests.pending) await request.answer("decline");
 */
export class Requests implements AsyncIterable<PendingRequest> {
  readonly #pending: PendingRequests;

  /** Created by the client: `codex.requests`. */
  constructor(pending: PendingRequests) {
    this.#pending = pending;
  }

  /** The pending requests, oldest first. */
  get pending(): readonly PendingRequest[] {
    return this.#pending.all;
  }

  /** The pending request with this id. */
  get(id: string): PendingRequest | undefined {
    return this.#pending.get(id);
  }

  /**
   * Answers a request with one of its options, and with content if it has a form. The id, option
   * and content may come from another program. Resolves when the answer has been sent. If the
   * client is reconnecting, the answer is sent when the server asks again.
   * @throws UnknownRequestError if no request has this id.
   * @throws RequestSettledError if it has already been answered or is no longer needed.
   * @throws InvalidAnswerError for an unknown option, or content that doesn't match the form; the
   * request stays pending.
   */
  answer(id: string, optionId: string, content?: unknown): Promise<void> {
    return this.#pending.answer(id, optionId, content);
  }

  /**
   * Calls `listener` for each request that becomes pending ("added"), or that no longer waits for an
   * answer ("settled"), with the reason and, if this client has answered it, the option. Dispose of
   * the result to stop.
   */
  on(event: "added", listener: (request: PendingRequest) => void): Disposable;
  on(event: "settled", listener: OnSettled): Disposable;
  on(event: "added" | "settled", listener: OnSettled): Disposable {
    switch (event) {
      case "added":
        return this.#pending.onAdded(listener as (request: PendingRequest) => void);
      case "settled":
        return this.#pending.onSettled(listener);
      default:
        throw new TypeError(
          `codex.requests has no event ${JSON.stringify(event)}; its events are "added" and "settled"`,
        );
    }
  }

  /**
   * Resolves with the oldest pending request that matches the options, as soon as there is one;
   * with undefined after `timeoutMs`, or when the client is closed.
   */
  async next(options: NextRequestOptions = {}): Promise<PendingRequest | undefined> {
    checkCall("nextRequest", "requests.next", options);
    const { id, threadId, timeoutMs } = options;
    const timeUp = new Error("No request arrived in time");
    using limit = deadline(options.signal, timeoutMs, () => timeUp);
    const fits = (request: PendingRequest) =>
      (id === undefined || request.id === id) &&
      (threadId === undefined || request.threadId === threadId);
    try {
      return await this.#pending.first(fits, limit.signal);
    } catch (error) {
      if (error === timeUp) return undefined;
      throw error;
    }
  }

  /** Yields the pending requests, then each new one, until the client is closed. */
  [Symbol.asyncIterator](): AsyncGenerator<PendingRequest, undefined> {
    return this.#pending.read();
  }
}
