import { constants } from "node:buffer";
import type { Readable } from "node:stream";
import { type Check, is } from "../util/checks.ts";

/** Limits what a server may send. */
export interface MessageLimit {
  /**
   * The largest message accepted, in bytes; a larger one ends the connection. Default 256 MiB, at
   * most 511 MiB. Until the server has answered `initialize`, it can send 1 MiB in total.
   */
  readonly maxMessageBytes?: number | undefined;
}

export const DEFAULT_MAX_MESSAGE_BYTES: number = 256 * 2 ** 20;

/** The largest possible limit: a message that is longer than the longest string can't be decoded. */
const LARGEST = Math.min(511 * 2 ** 20, constants.MAX_STRING_LENGTH);

export const messageBytes: Check = is(
  `a whole number of bytes from 1 to ${LARGEST}`,
  (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= LARGEST,
);

/**
 * The largest number of values in a message. Parsed, small values take up to fifty times the memory
 * of their text, so that a message within the limit of bytes could still exhaust it.
 */
export const MAX_VALUES = 10_000_000;

/** How many bytes the server can send before it has answered `initialize`. It needs far fewer. */
export const MAX_HANDSHAKE_BYTES: number = 2 ** 20;

/**
 * Counts the bytes of a stream, including incomplete messages, until the handshake is complete, and
 * calls `exceeded` once if there are too many. Returns a function that stops counting.
 */
export function watchHandshake(stream: Readable, exceeded: () => void): () => void {
  let bytes = 0;
  const stop = () => void stream.off("data", count);
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_HANDSHAKE_BYTES) return;
    stop();
    exceeded();
  };
  stream.on("data", count);
  return stop;
}

export function tooLarge(name: string, maxBytes: number): string {
  return (
    `The app-server (${name}) sent a message of more than ${maxBytes} bytes. ` +
    "The connection was closed; the maxMessageBytes option sets the limit"
  );
}

export function tooManyValues(name: string): string {
  return (
    `The app-server (${name}) sent a message with more than ${MAX_VALUES} values. ` +
    "The connection was closed"
  );
}

export function tooMuchTooEarly(name: string): string {
  return (
    `The app-server (${name}) sent more than ${MAX_HANDSHAKE_BYTES} bytes before it answered initialize. ` +
    "The connection was closed. Is this a Codex app-server?"
  );
}
