import { isServerBusy } from "../errors/retry.ts";
import { rpcError } from "../errors/rpc-errors.ts";
import { onAbort } from "../util/abort.ts";
import {
  begin,
  channels,
  isObserved,
  type RequestDiagnostics,
  type TraceContext,
} from "../util/channels.ts";
import { Fifo } from "../util/fifo.ts";
import { encodeRequest, type RequestId, type Response } from "./messages.ts";
import { SendWindow } from "./send-window.ts";

/** The connection has ended before this call was answered. */
export class CallLost extends Error {
  /** Whether the server may have received the call. */
  readonly sent: boolean;
  readonly reason: Error;

  constructor(reason: Error, sent: boolean) {
    super(reason.message);
    this.reason = reason;
    this.sent = sent;
  }
}

export interface CallOptions {
  /** Stops waiting; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Stops waiting, but only if the call hasn't been sent. */
  readonly unsent?: AbortSignal | undefined;
  /**
   * Applies the result. Called when its line is read, before the next message is handled, even if
   * the caller has given up, because the server's state has changed anyway. If it throws, the call
   * rejects. The ids of calls that aren't urgent increase in the order in which the calls are sent.
   */
  readonly onResult?: ((result: unknown, id: number) => void) | undefined;
  /** Called when the call is sent: from then on the server may act on it. Must not throw. */
  readonly onSent?: ((id: number) => void) | undefined;
  /** Sent before all waiting calls, in slots reserved for urgent calls. */
  readonly urgent?: boolean | undefined;
}

interface ObservedOptions extends CallOptions {
  readonly trace?: TraceContext | undefined;
  /** Called to publish the end of the call. */
  readonly end?: ((outcome: Partial<RequestDiagnostics>) => void) | undefined;
}

/** A request that every server answers immediately, with any answer. */
export interface Probe {
  readonly method: string;
  readonly params: unknown;
}

export interface PendingCallsOptions {
  /** Sends a message. Throws for one that is too large. */
  readonly send: (text: string) => void;
  /** Sent when no other answer shows how far the server has read. Default: none. */
  readonly probe?: Probe | undefined;
  /** Called if `onResult` throws for a call whose caller has given up. Must not throw. */
  readonly failed: (what: string, cause: unknown) => void;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly onResult: CallOptions["onResult"];
  readonly onSent: CallOptions["onSent"];
  readonly end: ObservedOptions["end"];
  /** Undefined once sent. */
  text: string | undefined;
  /** Undefined once the caller has given up. */
  waiter: Waiter | undefined;
}

interface Waiter {
  resolve(result: unknown): void;
  reject(reason: unknown): void;
  stopListening: () => void;
}

/** How many abandoned calls are remembered to recognise their answers. */
const MAX_ABANDONED = 10_000;

/**
 * The calls without an answer. A call whose caller has given up is remembered until its answer
 * arrives, because the server is still working on it.
 */
export class PendingCalls {
  readonly #options: PendingCallsOptions;
  readonly #window: SendWindow<Call>;
  readonly #sent = new Map<RequestId, Call>();
  readonly #abandoned = new Fifo<Call>();
  #nextId = 1;
  #closed: Error | undefined;

  constructor(options: PendingCallsOptions) {
    const { probe } = options;
    this.#options = options;
    this.#window = new SendWindow({
      send: (call) => this.#send(call),
      makeProbe: probe && (() => this.#makeProbe(probe)),
    });
  }

  /**
   * Makes a call. Rejects with a `CallLost` if the connection ends, with a `JsonRpcError` if the server answers
   * with an error, and with a TypeError if the params can't be written as JSON.
   */
  call(method: string, params: unknown, options: CallOptions = {}): Promise<unknown> {
    if (!isObserved(channels.request)) return this.#call(method, params, options);
    const event: RequestDiagnostics = { method, params };
    const end = begin(channels.request, event);
    const calling = this.#call(method, params, { ...options, trace: event.trace, end });
    calling.catch((error: unknown) => end({ error }));
    return calling;
  }

  #call(method: string, params: unknown, options: ObservedOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // Comes first, because it serialises the params. Their code, such as `toJSON`, may abort the call or close the
      // connection.
      const call = this.#makeCall(method, params, options);
      if (this.#closed) throw new CallLost(this.#closed, false);
      const { signal, unsent } = options;
      signal?.throwIfAborted();
      unsent?.throwIfAborted();
      const stop = onAbort(signal, () => this.#abandon(call, signal?.reason));
      const stopUnsent = onAbort(unsent, () => {
        if (call.text !== undefined) this.#abandon(call, unsent?.reason);
      });
      const stopListening = () => {
        stop();
        stopUnsent();
      };
      call.waiter = { resolve, reject, stopListening };
      this.#window.add(call, options.urgent);
    });
  }

  /**
   * Settles the call that this answers. Returns false if there is none, or if it has already been
   * answered.
   */
  settle(response: Response): boolean {
    const call = this.#sent.get(response.id);
    if (call === undefined) return false;
    this.#sent.delete(call.id);
    if (call.waiter === undefined) this.#abandoned.remove(call);
    if (response.error == null) this.#succeed(call, response.result);
    else {
      const error = rpcError(call.method, response.error);
      reject(call, error);
      if (isServerBusy(error)) {
        this.#window.refused(call);
        return true;
      }
    }
    this.#window.taken(call);
    return true;
  }

  /** Rejects every call, and each later one, with a `CallLost` for this reason. */
  close(reason: Error): void {
    this.#closed ??= reason;
    const unsent = this.#window.clear();
    const sent = [...this.#sent.values()];
    this.#sent.clear();
    this.#abandoned.clear();
    for (const call of sent) reject(call, new CallLost(reason, true));
    for (const call of unsent) reject(call, new CallLost(reason, false));
  }

  #makeCall(method: string, params: unknown, options: ObservedOptions): Call {
    const { onResult, onSent, trace, end } = options;
    const id = this.#nextId++;
    const text = encodeRequest(id, method, params, trace);
    return { id, method, onResult, onSent, end, text, waiter: undefined };
  }

  /** A call without a caller. */
  #makeProbe({ method, params }: Probe): Call {
    const call = this.#makeCall(method, params, {});
    this.#keepAbandoned(call);
    return call;
  }

  /** Sends the call. If the transport refuses it because it is too large, only the call ends, not the connection. */
  #send(call: Call): void {
    const { text = "" } = call;
    call.text = undefined;
    this.#sent.set(call.id, call);
    try {
      this.#options.send(text);
      call.onSent?.(call.id);
    } catch (error) {
      this.#sent.delete(call.id);
      reject(call, error);
      this.#window.refused(call);
    }
  }

  #succeed(call: Call, result: unknown): void {
    try {
      call.onResult?.(result, call.id);
    } catch (error) {
      if (call.waiter) reject(call, error);
      else this.#options.failed(`the callback for the result of ${call.method}`, error);
      return;
    }
    call.waiter?.stopListening();
    // Published now, before the next line is read.
    if (call.waiter) call.end?.({ result });
    call.waiter?.resolve(result);
  }

  #abandon(call: Call, reason: unknown): void {
    reject(call, reason);
    call.waiter = undefined;
    if (call.text === undefined) this.#keepAbandoned(call);
    else this.#window.remove(call);
  }

  #keepAbandoned(call: Call): void {
    this.#abandoned.push(call);
    if (this.#abandoned.size <= MAX_ABANDONED) return;
    const oldest = this.#abandoned.shift();
    if (oldest) this.#sent.delete(oldest.id);
  }
}

function reject(call: Call, reason: unknown): void {
  call.waiter?.stopListening();
  call.waiter?.reject(reason);
}
