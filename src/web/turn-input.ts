import { keepNewest } from "../util/keep-newest.ts";
import { HttpError } from "./errors.ts";

/** More turns than ever run at once. */
const MAX_TURNS = 1_000;

/**
 * Limits what pages send to one turn. The server lists up to 50 turns, each with all its messages, in
 * one response, and a response of more than 256 MiB would end the connection.
 */
export class TurnInput {
  readonly #maxBytes: number;
  readonly #turns = new Map<string, number>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Notes that a page has started the turn. */
  start(turnId: string, input: unknown): void {
    this.#set(turnId, (this.#turns.get(turnId) ?? 0) + bytesOf(input));
  }

  /** @throws HttpError if the turn would have received too much. */
  add(turnId: string, input: unknown): void {
    const bytes = (this.#turns.get(turnId) ?? 0) + bytesOf(input);
    if (bytes > this.#maxBytes) {
      const message = `Pages can send at most ${this.#maxBytes} bytes to one turn: wait until the running turn has ended`;
      throw new HttpError(413, "TURN_TOO_LARGE", message);
    }
    this.#set(turnId, bytes);
  }

  #set(turnId: string, bytes: number): void {
    this.#turns.set(turnId, bytes);
    keepNewest(this.#turns, MAX_TURNS);
  }
}

function bytesOf(input: unknown): number {
  return Buffer.byteLength(JSON.stringify(input));
}
