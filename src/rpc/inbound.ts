import { encode, type RequestId, type ServerRequest } from "./messages.ts";

/** Answers a server request: with what the promise gives, or with an RPC error when it rejects. */
export type RequestHandler = (request: ServerRequest, signal: AbortSignal) => Promise<unknown>;

/** An error that a handler throws to choose the RPC error that the server gets. */
export class RpcFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;

export interface InboundOptions {
  /** Whether the server asks again after a reconnect. Without that no answer is kept once it is sent. */
  readonly replays: boolean;
}

/** A server request, and its answer once there is one. */
interface Inbound {
  readonly request: ServerRequest;
  readonly controller: AbortController;
  answer: string | undefined;
}

/** Answers that are kept in case the server asks again; more than any server has open at a time. */
const MAX_ANSWERED = 256;

/**
 * The server's requests that are being answered. Each is handled once, whatever its handler does;
 * one that the server has withdrawn is not answered any more, and its handler's signal aborts. A
 * server asks again under the same id when the connection was made anew: then the handler that is
 * at work goes on, or the answer that was given is given again.
 */
export class InboundRequests {
  readonly #handle: RequestHandler;
  readonly #send: (text: string) => void;
  readonly #open = new Map<RequestId, Inbound>();

  constructor(
    handle: RequestHandler,
    send: (text: string) => void,
    _options: InboundOptions = { replays: true },
  ) {
    this.#handle = handle;
    this.#send = send;
  }

  accept(request: ServerRequest): void {
    const known = this.#open.get(request.id);
    if (known && isSame(known.request, request)) {
      if (known.answer !== undefined) this.#send(known.answer);
      return;
    }
    this.withdraw(request.id, new Error("The server has given this id to another request"));
    const controller = new AbortController();
    const inbound: Inbound = { request, controller, answer: undefined };
    this.#open.set(request.id, inbound);
    // A microtask later, so that a handler never runs inside the reader.
    Promise.resolve()
      .then(() => this.#handle(request, controller.signal))
      .then((result) => encode({ id: request.id, result: result ?? null }))
      .catch((error: unknown) => encode({ id: request.id, error: errorBody(error) }))
      .then((text) => this.#answer(inbound, text));
  }

  /** The server no longer waits for an answer to this request. */
  withdraw(id: RequestId, reason: Error): void {
    const inbound = this.#open.get(id);
    this.#open.delete(id);
    if (inbound?.answer === undefined) inbound?.controller.abort(reason);
  }

  /** As `withdraw`, unless the id has passed to another request meanwhile. */
  withdrawOnly(request: ServerRequest, reason: Error): void {
    if (this.#open.get(request.id)?.request === request) this.withdraw(request.id, reason);
  }

  /** Tells the handler that its work is of no use any more. It is still to answer: the server waits. */
  cancel(request: ServerRequest, reason: Error): void {
    const inbound = this.#open.get(request.id);
    if (inbound?.request === request) inbound.controller.abort(reason);
  }

  /** Drops the kept answers of requests whose answer is known to have arrived. */
  forget(predicate: (request: ServerRequest) => boolean): void {
    for (const [id, { request, answer }] of this.#open) {
      if (answer !== undefined && predicate(request)) this.#open.delete(id);
    }
  }

  withdrawAll(reason: Error): void {
    for (const id of [...this.#open.keys()]) this.withdraw(id, reason);
  }

  #answer(inbound: Inbound, text: string): void {
    const { id } = inbound.request;
    if (this.#open.get(id) !== inbound) return;
    inbound.answer = text;
    this.#forgetOldest();
    this.#send(text);
  }

  #forgetOldest(): void {
    if (this.#open.size <= MAX_ANSWERED) return;
    for (const [id, { answer }] of this.#open) {
      if (answer === undefined) continue;
      this.#open.delete(id);
      return;
    }
  }
}

/** Ids are unique to a server process only: a restarted one counts from 0 again. */
function isSame(one: ServerRequest, other: ServerRequest): boolean {
  return one.method === other.method && JSON.stringify(one.params) === JSON.stringify(other.params);
}

function errorBody(error: unknown): { code: number; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof RpcFailure ? error.code : INTERNAL_ERROR, message };
}
