import type { TurnResult } from "../../src/index.ts";
import { judgeError } from "./judge-error.ts";
import { judgeResult } from "./judge-result.ts";
import { judgeStream, judgeText, type StreamRead } from "./judge-stream.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { show } from "./show.ts";
import type { WorldTurn } from "./world-turn.ts";

/** What is expected of a call. */
export interface Expectation {
  /** It must settle within this many milliseconds. */
  readonly withinMs?: number | undefined;
  /** The time limit that it was given. */
  readonly timeoutMs?: number | undefined;
  /** The thread that it is about. */
  readonly threadId?: string | undefined;
  /** By this marker, the server recognises whether the request has arrived. */
  readonly marker?: number | undefined;
}

/** Additional time for the virtual clock and scheduling. */
const SLACK_MS = 50;

/** Records what is in progress, and what mustn't be. */
export class Oracle {
  readonly faults: string[] = [];
  readonly #server: MisbehavingServer;
  readonly #log: (line: string) => void;
  readonly #open = new Map<number, { readonly name: string; readonly expected: Expectation }>();
  #count = 0;

  constructor(server: MisbehavingServer, log: (line: string) => void) {
    this.#server = server;
    this.#log = log;
  }

  /** What should have settled within `waitedMs` but hasn't. */
  hanging(waitedMs: number): string[] {
    const mayWait = ({ timeoutMs = 0 }: Expectation) =>
      timeoutMs > waitedMs && this.#server.traffic.missing > 0;
    return [...this.#open.values()].flatMap(({ name, expected }) =>
      // The user is willing to wait this long for an answer that never comes.
      mayWait(expected) ? [] : [name],
    );
  }

  get isQuiet(): boolean {
    return this.#open.size === 0;
  }

  /** Watches something that must settle, and judges how it does. */
  watch(what: string, work: () => Promise<unknown>, expected: Expectation = {}): void {
    const id = ++this.#count;
    const name = `#${id} ${what}`;
    const { clock, line } = this.#server;
    const since = clock.now;
    this.#open.set(id, { name, expected });
    this.#log(`· ${name}`);
    const over = (how: string) => {
      this.#open.delete(id);
      this.#log(`· ${name}: ${how}`);
      const tookMs = clock.now - since;
      const { withinMs } = expected;
      if (withinMs !== undefined && tookMs > withinMs + SLACK_MS) {
        this.fault(`[late] ${name} took ${tookMs} ms instead of at most ${withinMs}`);
      }
    };
    Promise.resolve()
      .then(work)
      .then(
        () => over("done"),
        (error: unknown) => {
          over(show(error));
          const call = { ...expected, name, tookMs: clock.now - since, line };
          this.#blame(judgeError(this.#server, call, error));
        },
      );
  }

  /** `text` is what the turn was started with. */
  judgeResult(text: string, result: TurnResult<unknown>): void {
    const turn = this.#turn(result);
    if (turn) for (const fault of judgeResult(this.#server, turn, text, result)) this.fault(fault);
  }

  /** Judges a stream that has ended. */
  judgeStream(turn: { readonly id: string; readonly threadId: string }, read: StreamRead): void {
    const own = this.#turn({ turnId: turn.id, threadId: turn.threadId });
    if (own) for (const fault of judgeStream(this.#server, own, read)) this.fault(fault);
  }

  judgeText(turn: { readonly id: string; readonly threadId: string }, text: string): void {
    const own = this.#turn({ turnId: turn.id, threadId: turn.threadId });
    if (own) this.#blame(judgeText(own, text));
  }

  fault(what: string): void {
    this.faults.push(what);
    this.#log(`! ${what}`);
  }

  #blame(fault: string | undefined): void {
    if (fault !== undefined) this.fault(fault);
  }

  #turn({ turnId, threadId }: { turnId: string; threadId: string }): WorldTurn | undefined {
    const turn = this.#server.world.turn(turnId);
    if (turn?.threadId !== threadId) {
      this.fault(`[unknown] ${turnId} of ${threadId} is not on the server`);
      return undefined;
    }
    if (turn.isActive) {
      this.fault(`[ended] ${turnId} ended in the client but not on the server`);
      return undefined;
    }
    return turn;
  }
}
