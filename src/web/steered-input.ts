import { keepNewest } from "../util/keep-newest.ts";
import { HttpError } from "./errors.ts";

/** More turns than run at once. */
const MAX_TURNS = 1_000;

/**
 * Limits what pages add to a running turn. The server lists a turn with all its messages in one
 * message of its own, and a message that is too large would end the connection.
 */
export class SteeredInput {
  readonly #maxBytes: number;
  readonly #turns = new Map<string, number>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws HttpError if the turn would have received too much. */
  add(turnId: string, input: unknown): void {
    const bytes = (this.#turns.get(turnId) ?? 0) + Buffer.byteLength(JSON.stringify(input));
    if (bytes > this.#maxBytes) {
      const message = `Pages can add ${this.#maxBytes} bytes to a running turn: wait until it has ended`;
      throw new HttpError(413, "TURN_TOO_LARGE", message);
    }
    this.#turns.set(turnId, bytes);
    keepNewest(this.#turns, MAX_TURNS);
  }
}
