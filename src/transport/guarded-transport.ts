import { InvalidInputError, TransportClosedError } from "../errors/errors.ts";
import { within } from "../util/abort.ts";
import { messageOf } from "../util/describe.ts";
import { MAX_VALUES, tooManyValues } from "./message-limit.ts";
import type { Transport, TransportEvents } from "./transport.ts";
import { hasMoreValues } from "./values-in.ts";

/** How long a transport may take to close before it counts as closed. */
const CLOSE_LIMIT_MS = 10_000;

/** The handshake is complete when a second message is sent: a client sends only `initialize` until that is answered. */
const SENT_AFTER_HANDSHAKE = 2;

/** A transport with stricter limits until the handshake is complete. */
export interface GuardableTransport extends Transport {
  /** Called when the handshake is complete. */
  established?(): void;
}

/**
 * Wraps every transport, including custom ones, for the layer above. An error in that layer ends
 * the transport instead of the process, `closed` is called exactly once and last, and `close()`
 * takes bounded time.
 */
export class GuardedTransport implements Transport {
  readonly #inner: GuardableTransport;
  readonly #name: string;
  #events: TransportEvents | undefined;
  #reason: TransportClosedError | undefined;
  #sent = 0;
  #closing: Promise<void> | undefined;

  /** `name` is the name of the endpoint. */
  constructor(inner: GuardableTransport, name: string) {
    this.#inner = inner;
    this.#name = name;
  }

  get noise(): string | undefined {
    return this.#inner.noise;
  }

  get pid(): number | undefined {
    return this.#inner.pid;
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    if (this.#reason) this.#tellEnd(this.#reason);
    else this.#listen();
  }

  #listen(): void {
    try {
      this.#inner.listen({
        message: (text) => this.#message(text),
        closed: (reason) => this.#end(reason),
      });
    } catch (error) {
      this.#fail("couldn't be opened", error);
    }
  }

  send(text: string): void {
    if (this.#reason) return;
    this.#sent++;
    if (this.#sent === SENT_AFTER_HANDSHAKE) this.#inner.established?.();
    try {
      this.#inner.send(text);
    } catch (error) {
      if (error instanceof InvalidInputError) throw error;
      this.#fail("was closed, because sending failed", error);
    }
  }

  keepAlive(on: boolean): void {
    this.#inner.keepAlive?.(on);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    let cause: unknown;
    try {
      await within(CLOSE_LIMIT_MS, this.#inner.close());
    } catch (error) {
      cause = error;
    }
    this.#end(new TransportClosedError(`The connection to ${this.#name} was closed`, { cause }));
  }

  #message(text: string): void {
    if (this.#reason) return;
    if (hasMoreValues(text, MAX_VALUES)) {
      this.#end(new TransportClosedError(tooManyValues(this.#name)));
      void this.close();
      return;
    }
    try {
      this.#events?.message(text);
    } catch (error) {
      this.#fail("was closed, because a message from it couldn't be handled", error);
    }
  }

  #fail(what: string, cause: unknown): void {
    const message = `The connection to ${this.#name} ${what}: ${messageOf(cause)}`;
    this.#end(new TransportClosedError(message, { cause }));
    void this.close();
  }

  #end(reason: TransportClosedError): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#tellEnd(reason);
  }

  #tellEnd(reason: TransportClosedError): void {
    try {
      this.#events?.closed(reason);
    } catch (error) {
      // It has already ended.
      process.emitWarning(
        `The end of the connection to ${this.#name} couldn't be handled: ${messageOf(error)}`,
      );
    }
  }
}
