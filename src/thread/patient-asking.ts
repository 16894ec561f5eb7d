import { InternalRpcError, JsonRpcError } from "../errors/rpc-errors.ts";
import { CallLost } from "../rpc/pending.ts";
import { isBeforeFirstTurn } from "./history.ts";
import type { ThreadServer } from "./thread-server.ts";

/** How long the server can take to store what it reports; a lag of several seconds was observed. */
const WRITE_LAG_MS = 15_000;
const FIRST_DELAY_MS = 20;
const LONGEST_DELAY_MS = 500;
/** How many requests can fail or time out before the turn is abandoned. */
const MAX_SILENT_ASKS = 3;

/** Asks a server that is busy, silent, or late in storing a thread's turns. */
export class PatientAsking {
  readonly #server: Pick<ThreadServer, "pause">;
  readonly #profile: { readonly isEphemeral: boolean };
  /** How long this client has waited between the attempts. In milliseconds. */
  waitedMs = 0;

  constructor(server: Pick<ThreadServer, "pause">, profile: { readonly isEphemeral: boolean }) {
    this.#server = server;
    this.#profile = profile;
  }

  /**
   * Tries until it succeeds, or until the server has had enough time to catch up. Returns whether
   * it succeeded. `waited`: how long earlier connections have waited for the same.
   */
  async until(
    attempt: () => Promise<boolean>,
    waited: { ms: number } = { ms: 0 },
  ): Promise<boolean> {
    for (let ms = FIRST_DELAY_MS; ; ms = Math.min(2 * ms, LONGEST_DELAY_MS)) {
      if (await this.once(attempt)) return true;
      if (waited.ms >= WRITE_LAG_MS) return false;
      await this.#server.pause(ms);
      waited.ms += ms;
      this.waitedMs += ms;
    }
  }

  /**
   * Repeats the attempt a few times if a request gets no answer or an unreadable one, or fails inside the server.
   * None of these means that the turn is lost.
   */
  async once(attempt: () => Promise<boolean>): Promise<boolean> {
    for (let silent = 1; ; silent++) {
      try {
        return await attempt();
      } catch (error) {
        if (isBeforeFirstTurn(error) && !this.#profile.isEphemeral) return false;
        const isFault = error instanceof InternalRpcError;
        const isAnswer = error instanceof JsonRpcError || error instanceof CallLost;
        if ((isAnswer && !isFault) || silent >= MAX_SILENT_ASKS) throw error;
        if (isFault) await this.#server.pause(LONGEST_DELAY_MS);
      }
    }
  }
}
