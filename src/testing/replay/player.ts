import { TransportClosedError } from "../../errors/errors.ts";
import { jsonText } from "../../text/json-text.ts";
import type { Transport, TransportEvents } from "../../transport/transport.ts";
import { isRecord } from "../../util/describe.ts";
import { type Comparison, differenceOf } from "./compare.ts";
import type { Divergence } from "./divergence.ts";
import { kindOf, type Message, type Step } from "./recording.ts";

export interface PlayerOptions extends Comparison {
  readonly steps: readonly Step[];
  /** How many times faster than in the recording; `Infinity` means without pauses. */
  readonly speed: number;
  /** How long to wait for a recorded message from the client, in milliseconds. */
  readonly waitMs: number;
  readonly diverged: (divergence: Divergence) => void;
  /** Called when all steps have been played. */
  readonly finished: () => void;
}

/** A client message that the recording contains. */
interface Expected {
  readonly message: Message;
  /** Whether the client has sent it. */
  isSent: boolean;
  isMissed: boolean;
  resolve: () => void;
}

/** Plays one recorded connection: a transport whose server is the recording. */
export class Player implements Transport {
  readonly #options: PlayerOptions;
  readonly #expected: Expected[];
  /** Maps the request ids of the recording to the ids of this run. */
  readonly #requestIds = new Map<unknown, unknown>();
  #events: TransportEvents | undefined;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#expected = options.steps.flatMap((step) =>
      step.kind === "send"
        ? [{ message: step.message, isSent: false, isMissed: false, resolve: () => {} }]
        : [],
    );
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    void this.#play();
  }

  send(text: string): void {
    if (this.#isClosed) return;
    const message = JSON.parse(text) as Message;
    const found = this.#match(message);
    if (!found) {
      this.#refuse(message);
      return;
    }
    found.isSent = true;
    if ("method" in message && "id" in message) {
      this.#requestIds.set(found.message.id, message.id);
    }
    found.resolve();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#end("The replay was closed");
    for (const one of this.#expected) if (!one.isSent) this.#miss(one);
  }

  async #play(): Promise<void> {
    const { steps, finished } = this.#options;
    let before = steps[0]?.at ?? 0;
    const expected = this.#expected.values();
    for (const step of steps) {
      if (step.kind === "send") await this.#sent(expected.next().value);
      else await this.#pause(step.at - before);
      if (this.#isClosed) return;
      before = step.at;
      if (step.kind === "receive") this.#deliver(step.message);
      if (step.kind === "end") this.#end(step.message);
    }
    finished();
  }

  /** Gives the client the time that it took to react in the recording. */
  async #pause(ms: number): Promise<void> {
    const wait = ms / this.#options.speed;
    if (!(wait >= 1)) await new Promise((resolve) => setImmediate(resolve));
    else await this.#wait(wait);
  }

  /** Waits until the client has sent the messages that it sent in the recording. */
  async #sent(expected: Expected | undefined): Promise<void> {
    if (!expected || expected.isSent) return;
    expected.resolve = () => this.#wake?.();
    await this.#wait(this.#options.waitMs);
    if (expected.isSent || this.#isClosed) return;
    this.#miss(expected);
  }

  #miss(expected: Expected): void {
    if (expected.isMissed) return;
    expected.isMissed = true;
    this.#options.diverged({
      kind: "missing",
      what: kindOf(expected.message),
      recorded: expected.message,
    });
  }

  /** Waits for this time, or until it is woken. */
  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Finds the recorded message for this one; differences are reported. */
  #match(message: Message): Expected | undefined {
    const { diverged, ids } = this.#options;
    const what = kindOf(message);
    const same = this.#expected.filter((one) => !one.isSent && kindOf(one.message) === what);
    const compared = same.map((one) => ({ one, ...this.#compare(one.message, message) }));
    const found =
      compared.find(({ difference }) => difference === undefined) ??
      compared.find(({ one }) => !one.isMissed);
    if (found?.difference) diverged({ kind: "different", what, ...found.difference });
    for (const [recorded, actual] of found?.pairs ?? []) ids.pair(recorded, actual);
    return found?.one;
  }

  #compare(recorded: Message, actual: Message) {
    const { id: _recorded, ...one } = recorded;
    const { id: _actual, ...other } = actual;
    const pairs: [string, string][] = [];
    return { difference: differenceOf(one, other, this.#options, pairs), pairs };
  }

  /**
   * Reports a message that the recording doesn't have. A request gets an error as its answer, so that it ends.
   */
  #refuse(message: Message): void {
    const what = kindOf(message);
    this.#options.diverged({ kind: "unexpected", what, actual: message });
    if (!("method" in message) || !("id" in message)) return;
    const error = { code: -32600, message: `The recording doesn't have ${what} here` };
    setImmediate(() => this.#events?.message(JSON.stringify({ id: message.id, error })));
  }

  #deliver(message: unknown): void {
    const text = typeof message === "string" ? message : jsonText(this.#addressed(message));
    this.#events?.message(this.#options.ids.translate(text));
  }

  /** Gives an answer the id of this run's request. */
  #addressed(message: unknown): unknown {
    if (!isRecord(message) || "method" in message || !("id" in message)) return message;
    return { ...message, id: this.#requestIds.get(message.id) ?? message.id };
  }

  #end(why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wake?.();
    this.#events?.closed(new TransportClosedError(why));
  }
}
