import type { CodexError } from "../errors/errors.ts";
import { TransportClosedError, TurnLostError } from "../errors/errors.ts";
import {
  RequestSettledError,
  type SettledReason,
  UnknownRequestError,
} from "../errors/request-errors.ts";
import { CodexWarning, type Warn } from "../errors/warning.ts";
import type { AnswerOption } from "../requests/pending-request-data.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { onAbort, orAborted } from "../util/abort.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { Leavable } from "../util/leavable.ts";
import { Shares } from "../util/shares.ts";
import { startTimer, type Timer } from "../util/timer.ts";
import { AskedRequest, identityOf, threadIdOf } from "./asked-request.ts";
import { changedWarning } from "./changed-warning.ts";
import type { RequestContext } from "./handlers.ts";
import { Listeners } from "./listeners.ts";
import { PendingRequest } from "./pending-request.ts";
import { TurnEnded } from "./turn-ended.ts";

/** More than a user can answer. */
const MAX_PENDING = 1_000;
/** Total size of the content that the pending requests show. */
const MAX_CHARS = 32 * 2 ** 20;
/**
 * How long a request is pending before a warning that the program doesn't look at its requests.
 */
const UNWATCHED_MS = 5_000;
/**
 * How many settled requests are remembered, so that the error of a late answer can give the reason.
 */
const MAX_SETTLED = 1_000;

/** `option`: the option with which this client has answered. */
export type OnSettled = (
  request: PendingRequest,
  reason: SettledReason,
  option: AnswerOption | undefined,
) => void;

interface Entry {
  /** Increases with each request. */
  readonly place: number;
  readonly asked: AskedRequest;
  readonly request: PendingRequest;
  readonly serverRequest: ServerRequest;
  readonly changed: (() => Promise<string | undefined>) | undefined;
  readonly resolve: (result: unknown) => void;
  stop: () => void;
  /** Resolves when the server repeats the request after a lost connection. */
  repeated: Deferred<void> | undefined;
}

/** The server's requests that are waiting for the user's answer: each is settled once. */
export class PendingRequests {
  readonly #warn: Warn;
  readonly #entries = new Map<string, Entry>();
  readonly #settled = new Map<string, SettledReason>();
  readonly #added: Listeners<[request: PendingRequest]>;
  readonly #left: Listeners<Parameters<OnSettled>>;
  /** The callers that wait for the next request. */
  readonly #waiting = new Set<() => void>();
  #chars = 0;
  /** How many requests and characters each thread has, counted against the two limits. */
  readonly #shares = { requests: new Shares(), chars: new Shares() };
  #lastPlace = 0;
  #isWatched = false;
  #unwatched: Timer | undefined;
  #onAsked: (request: ServerRequest) => void = () => {};
  #ending: { readonly error: CodexError | undefined } | undefined;

  constructor(warn: Warn) {
    this.#warn = warn;
    this.#added = new Listeners("added requests", warn);
    this.#left = new Listeners("settled requests", warn);
  }

  /**
   * Calls `listener` with each server request that becomes pending, before it is announced.
   */
  onAsked(listener: (request: ServerRequest) => void): void {
    this.#onAsked = listener;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The number of listeners, and of calls that wait for a request. */
  get subscriptions(): number {
    return this.#added.size + this.#left.size + this.#waiting.size;
  }

  /** Oldest first. */
  get all(): readonly PendingRequest[] {
    this.#watch();
    return [...this.#entries.values()].map(({ request }) => request);
  }

  get(id: string): PendingRequest | undefined {
    this.#watch();
    return this.#entries.get(id)?.request;
  }

  /** The pending requests of each thread. */
  byThread(): ReadonlyMap<string, readonly ServerRequest[]> {
    const threads = new Map<string, ServerRequest[]>();
    for (const { request, serverRequest } of this.#entries.values()) {
      const { threadId } = request;
      if (threadId === undefined) continue;
      threads.set(threadId, [...(threads.get(threadId) ?? []), serverRequest]);
    }
    return threads;
  }

  onAdded(listener: (request: PendingRequest) => void): Disposable {
    this.#watch();
    return this.#added.add(listener);
  }

  onSettled(listener: OnSettled): Disposable {
    return this.#left.add(listener);
  }

  /**
   * Keeps a request pending. Resolves with the result to send: a refusal if it is settled unanswered. `changed` resolves
   * with a path of the request that isn't as it was shown any more.
   */
  async ask(
    serverRequest: ServerRequest,
    context: RequestContext,
    changed?: () => Promise<string | undefined>,
  ): Promise<unknown> {
    const { signal } = context;
    const thread = threadIdOf(serverRequest, context) ?? "";
    // Describing a request is the slowest step. So the request is described only if there is room for it and for a
    // description of about the same length.
    const chars = 2 * identityOf(serverRequest).chars;
    if (signal.aborted || !this.#makeRoomFor(thread, chars)) {
      if (!signal.aborted) this.#warnDropped(chars);
      return AskedRequest.refusalOf(serverRequest, context);
    }
    const asked = new AskedRequest(serverRequest, context);
    if (!this.#makeRoomFor(thread, asked.chars)) {
      this.#warnDropped(asked.chars);
      return asked.refusal;
    }
    const { promise, resolve } = deferred<unknown>();
    const { id } = asked.data;
    const request = new PendingRequest(asked.data, (...args) => this.answer(id, ...args));
    const place = ++this.#lastPlace;
    const entry: Entry = {
      place,
      asked,
      request,
      serverRequest,
      changed,
      resolve,
      stop: () => {},
      repeated: undefined,
    };
    this.#entries.set(id, entry);
    this.#settled.delete(id);
    this.#count(asked, 1);
    entry.stop = onAbort(signal, () => {
      this.#settle(entry, reasonOf(signal.reason));
      resolve(asked.refusal);
    });
    this.#onAsked(serverRequest);
    this.#announce(request);
    return promise;
  }

  /** @throws UnknownRequestError, RequestSettledError, InvalidAnswerError. */
  async answer(id: string, optionId: unknown, content: unknown): Promise<void> {
    this.#watch();
    const entry = this.#entries.get(id);
    if (entry === undefined) throw this.#whyGone(id);
    const result = await entry.asked.resultOf(optionId, content);
    const option = entry.asked.optionOf(optionId);
    const changed = option?.effect === "accept" ? await entry.changed?.() : undefined;
    // The server doesn't repeat requests that another client answered while the connection was
    // lost.
    while (entry.repeated) await entry.repeated.promise;
    // Another answer may have arrived first, or the server may have withdrawn the request.
    if (this.#entries.get(id) !== entry) throw this.#whyGone(id);
    if (changed !== undefined) {
      this.#settle(entry, "changed");
      entry.resolve(entry.asked.refusal);
      this.#warn(changedWarning(entry.serverRequest.method, changed));
      throw this.#whyGone(id);
    }
    this.#settle(entry, "answered", option);
    entry.resolve(result);
  }

  /**
   * Makes answers to these requests wait until the server repeats the requests, because it may no longer need answers.
   */
  hold(serverRequests: readonly ServerRequest[]): void {
    const held = new Set(serverRequests);
    for (const entry of this.#entries.values()) {
      if (held.has(entry.serverRequest)) entry.repeated ??= deferred();
    }
  }

  /** Notes that the server has sent this request, for the first time or again. */
  confirm(serverRequest: ServerRequest): void {
    if (this.#entries.size === 0) return;
    const entry = this.#entries.get(identityOf(serverRequest).id);
    if (entry) this.#confirm(entry);
  }

  /**
   * Resolves with the oldest pending request that matches; waits for one if there is none. Undefined once the client
   * is closed.
   */
  async first(
    fits: (request: PendingRequest) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<PendingRequest | undefined> {
    return (await this.#wait(({ request }) => fits(request), signal))?.request;
  }

  /** Yields the pending requests, then each new one, unless it is settled before it is read. */
  read(): AsyncGenerator<PendingRequest, undefined> {
    return new Leavable((left) => this.#read(left));
  }

  async *#read(left: AbortSignal): AsyncGenerator<PendingRequest, undefined> {
    let last = 0;
    for (;;) {
      const entry = await this.#wait(({ place }) => place > last, left);
      if (entry === undefined) return undefined;
      last = entry.place;
      yield entry.request;
    }
  }

  /** Notes that no more requests will arrive: the client was closed, or ended with this error. */
  end(error: CodexError | undefined): void {
    this.#ending = { error };
    this.#unwatched?.cancel();
    this.#wake();
  }

  /** Refuses requests of the thread that has the most, until the new one fits. */
  #makeRoomFor(thread: string, chars: number): boolean {
    for (;;) {
      const hasPlace = this.#entries.size < MAX_PENDING;
      if (hasPlace && this.#chars + chars <= MAX_CHARS) return true;
      const greediest = hasPlace
        ? this.#shares.chars.greediestBeside(thread, chars)
        : this.#shares.requests.greediestBeside(thread, 1);
      if (greediest === undefined) return false;
      const newest = [...this.#entries.values()].findLast(
        (entry) => threadOf(entry.asked) === greediest,
      );
      if (newest === undefined) return false;
      this.#warnDropped(newest.asked.chars);
      this.#settle(newest, "dropped");
      newest.resolve(newest.asked.refusal);
    }
  }

  #warnDropped(chars: number): void {
    this.#warn(new CodexWarning("REQUEST_DROPPED", dropped(chars, this.#entries.size)));
  }

  #count(asked: AskedRequest, sign: 1 | -1): void {
    const thread = threadOf(asked);
    this.#chars += sign * asked.chars;
    this.#shares.requests.add(thread, sign);
    this.#shares.chars.add(thread, sign * asked.chars);
  }

  #announce(request: PendingRequest): void {
    if (!this.#isWatched) this.#unwatched ??= startTimer(UNWATCHED_MS, () => this.#warnUnwatched());
    this.#added.tell(request);
    this.#wake();
  }

  /** Notes that the program has looked at its requests. */
  #watch(): void {
    this.#isWatched = true;
    this.#unwatched?.cancel();
  }

  #warnUnwatched(): void {
    if (this.#entries.size === 0) this.#unwatched = undefined;
    else this.#warn(new CodexWarning("REQUEST_UNWATCHED", UNWATCHED));
  }

  #confirm(entry: Entry): void {
    entry.repeated?.resolve();
    entry.repeated = undefined;
  }

  #settle(entry: Entry, reason: SettledReason, option?: AnswerOption): void {
    const { request, asked } = entry;
    entry.stop();
    this.#confirm(entry);
    this.#entries.delete(request.id);
    this.#count(asked, -1);
    this.#settled.set(request.id, reason);
    for (const oldest of this.#settled.keys()) {
      if (this.#settled.size <= MAX_SETTLED) break;
      this.#settled.delete(oldest);
    }
    this.#left.tell(request, reason, option);
  }

  #whyGone(id: string): CodexError {
    const reason = this.#settled.get(id);
    return reason === undefined ? new UnknownRequestError(id) : new RequestSettledError(id, reason);
  }

  async #wait(
    fits: (entry: Entry) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Entry | undefined> {
    this.#watch();
    for (;;) {
      signal?.throwIfAborted();
      for (const entry of this.#entries.values()) if (fits(entry)) return entry;
      if (this.#ending?.error) throw this.#ending.error;
      if (this.#ending) return undefined;
      const { promise, resolve } = deferred<void>();
      const wake = () => resolve();
      this.#waiting.add(wake);
      await orAborted(promise, signal).finally(() => this.#waiting.delete(wake));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

const UNWATCHED =
  "A server request is waiting for an answer, but this program doesn't use codex.requests: " +
  'answer it with codex.requests.answer(), or don\'t set the approvals option to "ask".';

function threadOf({ data }: AskedRequest): string {
  return data.threadId ?? "";
}

function dropped(chars: number, pending: number): string {
  return (
    `A server request was refused: ${pending} requests are pending, and this one has ${chars} characters. ` +
    `At most ${MAX_PENDING} can be pending, with ${MAX_CHARS} characters in total.`
  );
}

function reasonOf(why: unknown): SettledReason {
  if (why instanceof TransportClosedError) return "connectionLost";
  return why instanceof TurnEnded || why instanceof TurnLostError ? "turnEnded" : "withdrawn";
}
