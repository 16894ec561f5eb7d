import type { Notification } from "../../client/notifications.ts";
import { requestsOf, type Turn, type WaitOptions } from "../../client/turn.ts";
import type { SettledReason } from "../../errors/request-errors.ts";
import type { AnswerOption, PendingRequestData } from "../../requests/pending-request-data.ts";
import type { PendingRequest } from "../../session/pending-request.ts";
import { type Deferred, deferred } from "../../util/deferred.ts";
import type { TurnPart } from "./part.ts";
import { TurnParts } from "./turn-parts.ts";

/** The next of the turn's notifications. */
type Read =
  | { readonly result: IteratorResult<Notification, undefined> }
  | { readonly error: unknown };

/**
 * Answers a request automatically; rejects if the answer isn't accepted. Returns undefined for a
 * request that it doesn't answer.
 */
export type AnswerRequest = (request: PendingRequest) => Promise<void> | undefined;

/** What happens to the turn's requests. */
export interface RequestUse {
  readonly answer: AnswerRequest | undefined;
  /** The data that the parts contain. */
  readonly shown: (request: PendingRequest) => PendingRequestData;
}

/** Reads a turn as parts, as fast as they are requested. */
export class PartReader {
  readonly #turn: Turn<unknown>;
  readonly #notifications: AsyncGenerator<Notification, undefined>;
  readonly #parts: TurnParts;
  readonly #answer: AnswerRequest | undefined;
  readonly #shown: RequestUse["shown"];
  /** Changes to requests since the last call to `read`. */
  #news: TurnPart[] = [];
  #watch: Disposable | undefined;
  #next: Promise<Read> | undefined;
  #wake: Deferred<undefined> = deferred();
  #hasLeft = false;

  /** @throws TypeError for a wrong option. */
  constructor(turn: Turn<unknown>, options: WaitOptions, requests: RequestUse) {
    this.#turn = turn;
    this.#answer = requests.answer;
    this.#shown = requests.shown;
    this.#notifications = turn.stream(options);
    this.#parts = new TurnParts(turn.id);
  }

  /** The next parts, in order, as soon as there are some; undefined when there are no more. Never rejects. */
  async read(): Promise<readonly TurnPart[] | undefined> {
    for (;;) {
      if (this.#hasLeft) return undefined;
      if (!this.#watch) return this.#begin();
      const news = this.#takeNews();
      if (news.length > 0) return news;
      if (this.#parts.hasEnded) return this.leave();
      const parts = await this.#readNext();
      if (parts.length > 0) return parts;
    }
  }

  /** Whether something can be read without waiting for the server. */
  async hasMore(): Promise<boolean> {
    while (!this.#hasLeft && this.#news.length === 0) {
      this.#next ??= this.#readNotification();
      const now = new Promise<undefined>((resolve) => setTimeout(resolve, 0, undefined));
      const read = await Promise.race([this.#next, now]);
      if (!read) return this.#hasLeft || this.#news.length > 0;
      this.#news = this.#partsOf(read);
    }
    return true;
  }

  /** Stops reading; the turn continues. */
  leave(): undefined {
    this.#hasLeft = true;
    this.#watch?.[Symbol.dispose]();
    this.#notifications.return(undefined).catch(() => {});
    this.#wake.resolve(undefined);
  }

  #begin(): readonly TurnPart[] {
    this.#watch = requestsOf(this.#turn).watch({
      added: (request, itemId) => this.#ask(request, itemId),
      settled: (request, reason, option) => this.#settle(request, reason, option),
    });
    return [{ type: "start" }, ...this.#takeNews()];
  }

  /** The parts from the next notification; none if a request changes first. */
  async #readNext(): Promise<readonly TurnPart[]> {
    this.#next ??= this.#readNotification();
    this.#wake = deferred();
    const read = await Promise.race([this.#next, this.#wake.promise]);
    return read ? this.#partsOf(read) : [];
  }

  #partsOf(read: Read): TurnPart[] {
    this.#next = undefined;
    const news = this.#takeNews();
    if ("error" in read) return [...news, ...this.#parts.lose(read.error)];
    const { value, done } = read.result;
    if (done) return [...news, ...this.#parts.lose(new Error("The turn ended without a result"))];
    return [...news, ...this.#parts.take(value)];
  }

  #readNotification(): Promise<Read> {
    return this.#notifications.next().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
  }

  #ask(request: PendingRequest, itemId: string | undefined): void {
    this.#add(this.#parts.ask(this.#shown(request), itemId));
    this.#answer?.(request)?.catch(() => this.#add(this.#parts.repeat(this.#shown(request))));
  }

  #settle(request: PendingRequest, reason: SettledReason, option: AnswerOption | undefined): void {
    this.#add(this.#parts.settle(this.#shown(request), reason, option));
  }

  #add(parts: Iterable<TurnPart>): void {
    this.#news.push(...parts);
    if (this.#news.length > 0) this.#wake.resolve(undefined);
  }

  #takeNews(): readonly TurnPart[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }
}
