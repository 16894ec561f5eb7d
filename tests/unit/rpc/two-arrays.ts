import { setImmediate } from "node:timers/promises";
import { TransportClosedError } from "../../../src/errors/errors.ts";
import { Connection, type ConnectionEvents } from "../../../src/rpc/connection.ts";
import type { Probe } from "../../../src/rpc/pending.ts";
import type { Transport, TransportEvents } from "../../../src/transport/transport.ts";

export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A transport of two arrays: the sent messages, and messages that the test delivers. */
export class ArrayTransport implements Transport {
  readonly sent: string[] = [];
  maxChars = Number.POSITIVE_INFINITY;
  isClosed = false;
  #events: TransportEvents | undefined;

  listen(events: TransportEvents): void {
    this.#events = events;
  }

  send(text: string): void {
    if (text.length > this.maxChars) throw new RangeError(`more than ${this.maxChars} characters`);
    this.sent.push(text);
  }

  /** Delivers these lines in one chunk: nothing else runs between them. */
  receive(...lines: (string | object)[]): void {
    for (const line of lines) {
      this.#events?.message(typeof line === "string" ? line : JSON.stringify(line));
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  end(reason: TransportClosedError): void {
    this.#events?.closed(reason);
  }

  get messages(): Message[] {
    return this.sent.map((text) => JSON.parse(text) as Message);
  }
}

export const PROBE: Probe = { method: "ping", params: { n: 1 } };

/** A connection over two arrays, and everything that it has reported, in order. */
export function connected(hooks: Partial<ConnectionEvents> = {}) {
  const transport = new ArrayTransport();
  const seen: unknown[][] = [];
  const events: ConnectionEvents = {
    peek: () => false,
    notification: ({ method }) => seen.push(["notification", method]),
    request: ({ method }) => seen.push(["request", method]),
    stray: (why, text) => seen.push(["stray", why, text]),
    trace: () => {},
    failed: (what, cause) => seen.push(["failed", what, cause]),
    ...hooks,
  };
  const connection = new Connection(transport, events, { probe: PROBE });
  return { transport, connection, seen };
}

export function lost(message = "gone"): TransportClosedError {
  return new TransportClosedError(message);
}

/** The outcome of a promise, which is filled in when it settles. */
export function outcomeOf(promise: Promise<unknown>): { value?: unknown; error?: unknown } {
  const outcome: { value?: unknown; error?: unknown } = {};
  promise.then(
    (value) => Object.assign(outcome, { value }),
    (error: unknown) => Object.assign(outcome, { error }),
  );
  return outcome;
}

/** Waits until every promise that can settle has settled. */
export async function settled(): Promise<void> {
  await setImmediate();
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, n) => n);
}
