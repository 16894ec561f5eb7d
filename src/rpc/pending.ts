import { rpcError } from "../errors/rpc-errors.ts";
import { onAbort } from "../util/abort.ts";
import { encode, type RequestId, type Response } from "./messages.ts";

/** The connection has ended, and this call with it. */
export class CallLost extends Error {
  /** Whether the server may have got the call. */
  readonly sent: boolean;
  readonly reason: Error;

  constructor(reason: Error, sent: boolean) {
    super(reason.message);
    this.reason = reason;
    this.sent = sent;
  }
}

/** Beyond some 300 pipelined requests on stdio the server loses responses without a word. */
export const MAX_IN_FLIGHT = 64;

export interface CallOptions {
  /** Stops the wait; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Applies the result, synchronously as its line is read and before the next message is handled,
   * also when the caller has given up. The call rejects with what it throws.
   */
  readonly onResult?: ((result: unknown) => void) | undefined;
  /** Goes ahead of the queue. */
  readonly urgent?: boolean | undefined;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly text: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onResult: ((result: unknown) => void) | undefined;
  sent: boolean;
  stopListening: () => void;
}

/**
 * The calls that wait for an answer. At most `MAX_IN_FLIGHT` are with the server at a time; the
 * others queue in order. A call whose caller has gone keeps its place until the server has answered
 * or its time is up, because the server still works on it.
 */
export class PendingCalls {
  readonly #send: (text: string) => void;
  readonly #queue: Call[] = [];
  readonly #sent = new Map<RequestId, Call>();
  #nextId = 1;
  #closed: Error | undefined;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  call(method: string, params: unknown, options: CallOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new CallLost(this.#closed, false);
      options.signal?.throwIfAborted();
      const id = this.#nextId++;
      const text = encode({ id, method, params: params ?? {} });
      const call: Call = {
        id,
        method,
        text,
        resolve,
        reject,
        onResult: options.onResult,
        sent: false,
        stopListening: () => {},
      };
      call.stopListening = onAbort(options.signal, () => this.#abort(call, options.signal?.reason));
      if (options.urgent) this.#queue.unshift(call);
      else this.#queue.push(call);
      this.#pump();
    });
  }

  /** Wakes the call that this answers. False when nobody asked, or the answer came before. */
  settle(response: Response): boolean {
    const call = this.#sent.get(response.id);
    if (call === undefined) return false;
    this.#forget(call);
    if (response.error == null) this.#succeed(call, response.result);
    else call.reject(rpcError(call.method, response.error));
    this.#pump();
    return true;
  }

  /** Rejects every call, and each later one, with a `CallLost` for this reason. */
  close(reason: Error): void {
    this.#closed ??= reason;
    const calls = [...this.#sent.values(), ...this.#queue];
    this.#queue.length = 0;
    for (const call of calls) {
      this.#forget(call);
      call.reject(new CallLost(reason, call.sent));
    }
  }

  #succeed(call: Call, result: unknown): void {
    try {
      call.onResult?.(result);
      call.resolve(result);
    } catch (error) {
      call.reject(error);
    }
  }

  #pump(): void {
    while (this.#sent.size < MAX_IN_FLIGHT) {
      const call = this.#queue.shift();
      if (call === undefined) return;
      call.sent = true;
      this.#sent.set(call.id, call);
      this.#trySend(call);
    }
  }

  /** A transport refuses what is too large for it; the call ends, the connection goes on. */
  #trySend(call: Call): void {
    try {
      this.#send(call.text);
    } catch (error) {
      this.#forget(call);
      call.reject(error);
    }
  }

  #abort(call: Call, reason: unknown): void {
    call.reject(reason);
    if (!call.sent) this.#dequeue(call);
  }

  #dequeue(call: Call): void {
    const index = this.#queue.indexOf(call);
    if (index !== -1) this.#queue.splice(index, 1);
    this.#forget(call);
  }

  #forget(call: Call): void {
    this.#sent.delete(call.id);
    call.stopListening();
  }
}
