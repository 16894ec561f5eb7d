import { messageOf } from "../util/describe.ts";
import { Shares } from "../util/shares.ts";
import { AnswerLog, isSameRequest } from "./answer-log.ts";
import {
  encodeError,
  encodeResult,
  INTERNAL_ERROR,
  type RequestId,
  type ServerRequest,
} from "./messages.ts";

/** Answers a server request with the promise's value, or with an RPC error if it rejects. */
export type RequestHandler = (request: ServerRequest, signal: AbortSignal) => Promise<unknown>;

/** A handler throws this to choose the RPC error that the server receives. */
export class RpcFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const METHOD_NOT_FOUND = -32601;

export interface InboundOptions {
  /** Whether the server can repeat a request after a reconnect. If not, sent answers aren't kept. */
  readonly replays: boolean;
  /**
   * The party that sent the request: no party can crowd out the others. Default: all requests have
   * the same.
   */
  readonly partyOf?: (request: ServerRequest) => string;
}

/** A server request without an answer yet. */
interface Open {
  readonly request: ServerRequest;
  /** The connection on which it last arrived, counted from 0. */
  connection: number;
  readonly controller: AbortController;
}

/** More than any real server has open at the same time. */
const MAX_OPEN = 10_000;
/** Limit for the message of an RPC error. */
const MAX_MESSAGE_CHARS = 4_000;

/**
 * The server requests that are being answered. Each is handled once. If the server withdraws one,
 * it is no longer answered, and the handler's signal aborts. If the server repeats one, as it does
 * after a reconnect, a running handler continues, and an answer that was sent is sent again.
 */
export class InboundRequests {
  readonly #handle: RequestHandler;
  readonly #send: (text: string) => void;
  readonly #open = new Map<RequestId, Open>();
  readonly #partyOf: (request: ServerRequest) => string;
  readonly #shares = new Shares();
  readonly #answers: AnswerLog;
  #connection = 0;

  /** `send` throws for an answer that is too large; the server then receives an error instead. */
  constructor(handle: RequestHandler, send: (text: string) => void, options: InboundOptions) {
    this.#handle = handle;
    this.#send = send;
    this.#partyOf = options.partyOf ?? (() => "");
    this.#answers = new AnswerLog({ keepsAnswers: options.replays });
  }

  accept(request: ServerRequest): void {
    const { id } = request;
    const open = this.#open.get(id);
    if (open && isSameRequest(open.request, request)) {
      open.connection = this.#connection;
      return;
    }
    const answer = this.#answers.find(request);
    if (answer !== undefined) {
      const text = answer === "dropped" ? failure(id, ALREADY_ANSWERED) : answer.text;
      this.#deliver(id, text);
      return;
    }
    this.withdraw(id, new Error("The server has reused the id of this request for another one"));
    if (this.#open.size >= MAX_OPEN && !this.#makeRoomFor(request)) {
      this.#deliver(id, failure(id, TOO_MANY));
    } else {
      const controller = new AbortController();
      this.#start({ request, controller, connection: this.#connection });
    }
  }

  /** Refuses the newest request of the party with the most. */
  #makeRoomFor(request: ServerRequest): boolean {
    const greediest = this.#shares.greediestBeside(this.#partyOf(request), 1);
    if (greediest === undefined) return false;
    const newest = [...this.#open.values()].findLast(
      (open) => this.#partyOf(open.request) === greediest,
    );
    if (newest === undefined) return false;
    const { id } = newest.request;
    this.withdraw(id, TOO_MANY);
    this.#deliver(id, failure(id, TOO_MANY));
    return true;
  }

  /** Removes a request from the open ones, and returns it, if it was open. */
  #close(id: RequestId): Open | undefined {
    const open = this.#open.get(id);
    if (open === undefined) return undefined;
    this.#open.delete(id);
    this.#shares.add(this.#partyOf(open.request), -1);
    return open;
  }

  /** Withdraws this request: the server no longer waits for an answer, or has received it. */
  withdraw(id: RequestId, reason: Error): void {
    const open = this.#close(id);
    this.#answers.delete(id);
    open?.controller.abort(reason);
  }

  /** Notes that there is a new connection, on which the server repeats the requests whose answers it still waits for. */
  connectionReplaced(): void {
    this.#connection++;
  }

  /** Whether this request is open, and the server hasn't repeated it on the current connection. */
  isUnrepeated(request: ServerRequest): boolean {
    const open = this.#open.get(request.id);
    return open?.request === request && open.connection < this.#connection;
  }

  /** Withdraws the open requests that match. */
  withdrawWhere(predicate: (request: ServerRequest) => boolean, reason: Error): void {
    for (const { request } of [...this.#open.values()]) {
      if (predicate(request)) this.withdrawOnly(request, reason);
    }
  }

  /** Like `withdraw`, but only for this request: by now, another request may have the same id. */
  withdrawOnly(request: ServerRequest, reason: Error): void {
    if (this.#open.get(request.id)?.request === request) this.withdraw(request.id, reason);
    else this.forget((one) => one === request);
  }

  /** Aborts the handler's signal. The handler still has to answer, because the server is waiting. */
  cancel(request: ServerRequest, reason: Error): void {
    const open = this.#open.get(request.id);
    if (open?.request === request) open.controller.abort(reason);
  }

  /** Forgets the answers to the requests that match: the server has received them, and won't repeat the requests. */
  forget(predicate: (request: ServerRequest) => boolean): void {
    this.#answers.forget(predicate);
  }

  /** Withdraws all requests: the server has exited, so none needs an answer any more. */
  withdrawAll(reason: Error): void {
    const all = [...this.#open.values()];
    this.#open.clear();
    this.#shares.clear();
    this.#answers.clear();
    for (const { controller } of all) controller.abort(reason);
  }

  #start(open: Open): void {
    const { request, controller } = open;
    const { id } = request;
    this.#open.set(id, open);
    this.#shares.add(this.#partyOf(request), 1);
    // Handled in a microtask, so that a handler never runs inside the reader.
    Promise.resolve()
      .then(() => (this.#isOpen(open) ? this.#handle(request, controller.signal) : undefined))
      .then((result) => encodeResult(id, result))
      .catch((error: unknown) => failure(id, error))
      .then((text) => this.#answer(open, text));
  }

  #isOpen(open: Open): boolean {
    return this.#open.get(open.request.id) === open;
  }

  #answer(open: Open, text: string): void {
    if (!this.#isOpen(open)) return;
    const { request } = open;
    this.#close(request.id);
    this.#answers.add(request, this.#deliver(request.id, text));
  }

  /** Sends the answer, or an error if it can't be sent. Returns what was sent. */
  #deliver(id: RequestId, text: string): string {
    try {
      this.#send(text);
      return text;
    } catch (refusal) {
      return this.#deliverRefusal(failure(id, undeliverable(refusal)));
    }
  }

  #deliverRefusal(text: string): string {
    try {
      this.#send(text);
    } catch {
      // A transport that refuses such a short message accepts no other message either.
    }
    return text;
  }
}

const ALREADY_ANSWERED = new Error(
  "The client has already answered this request, and no longer has the answer",
);
const TOO_MANY = new Error(`The client has ${MAX_OPEN} open requests and accepts no more`);

function undeliverable(refusal: unknown): Error {
  return new Error(`The client's answer could not be sent: ${messageOf(refusal)}`);
}

function failure(id: RequestId, error: unknown): string {
  return encodeError(id, {
    code: codeOf(error),
    message: messageOf(error).slice(0, MAX_MESSAGE_CHARS),
  });
}

function codeOf(error: unknown): number {
  try {
    return error instanceof RpcFailure && Number.isInteger(error.code)
      ? error.code
      : INTERNAL_ERROR;
  } catch {
    // A proxy can throw when it is inspected.
    return INTERNAL_ERROR;
  }
}
