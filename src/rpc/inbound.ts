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

/**
 * The server's requests that are being answered. Each is answered once, whatever its handler does;
 * one that the server has withdrawn is not answered any more, and its handler's signal aborts.
 */
export class InboundRequests {
  readonly #handle: RequestHandler;
  readonly #send: (text: string) => void;
  readonly #running = new Map<RequestId, AbortController>();

  constructor(handle: RequestHandler, send: (text: string) => void) {
    this.#handle = handle;
    this.#send = send;
  }

  accept(request: ServerRequest): void {
    if (this.#running.has(request.id)) return;
    const controller = new AbortController();
    this.#running.set(request.id, controller);
    // A microtask later, so that a handler never runs inside the reader.
    Promise.resolve()
      .then(() => this.#handle(request, controller.signal))
      .then((result) => encode({ id: request.id, result: result ?? null }))
      .catch((error: unknown) => encode({ id: request.id, error: errorBody(error) }))
      .then((text) => this.#answer(request.id, controller, text));
  }

  /** The server no longer waits for an answer to this request. */
  withdraw(id: RequestId, reason: Error): void {
    const controller = this.#running.get(id);
    this.#running.delete(id);
    controller?.abort(reason);
  }

  withdrawAll(reason: Error): void {
    for (const id of [...this.#running.keys()]) this.withdraw(id, reason);
  }

  #answer(id: RequestId, controller: AbortController, text: string): void {
    if (this.#running.get(id) !== controller) return;
    this.#running.delete(id);
    this.#send(text);
  }
}

function errorBody(error: unknown): { code: number; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof RpcFailure ? error.code : INTERNAL_ERROR, message };
}
