import type { Codex } from "../../src/index.ts";
import type { HandleBook } from "./handle-book.ts";
import type { LimitMaker } from "./limits.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { Oracle } from "./oracle.ts";
import type { Random } from "./random.ts";
import { Listening } from "./user-listening.ts";
import { RawUse } from "./user-raw.ts";
import { ThreadUse } from "./user-threads.ts";
import { TurnUse } from "./user-turns.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What all actions of a user need. */
export interface UserParts {
  readonly codex: Codex;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly oracle: Oracle;
  readonly server: MisbehavingServer;
  readonly handles: HandleBook;
  readonly limits: LimitMaker;
  /** The client's own time limit of a request, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Runs the garbage collector; undefined in seeds that don't use it. */
  readonly collect: (() => Promise<void>) | undefined;
}

/** Uses a client in all the ways that users do, in an order that the seed determines. */
export class SeededUser {
  readonly listening: Listening;
  readonly turns: TurnUse;
  readonly threads: ThreadUse;
  readonly #raw: RawUse;
  readonly #parts: UserParts;

  constructor(parts: UserParts) {
    this.#parts = parts;
    this.listening = new Listening(parts);
    this.turns = new TurnUse(parts);
    this.threads = new ThreadUse(parts);
    this.#raw = new RawUse(parts, this.turns);
  }

  async act(): Promise<void> {
    const { random, clock } = this.#parts;
    const steps = random.between(3, 25);
    for (let step = 0; step < steps; step++) {
      await clock.sleep(random.pick([0, 0, 1, 20, 200]));
      this.#step();
    }
  }

  #step(): void {
    const { random, codex, oracle, handles, collect } = this.#parts;
    const acts = {
      startThread: () => this.threads.start(),
      run: () => this.turns.run(),
      turn: () => this.turns.start(),
      lateReader: () => this.turns.readLate(),
      compact: () => this.turns.compact(),
      resume: () => this.threads.resume(),
      comeBack: () => this.turns.comeBack(),
      fork: () => this.threads.fork(),
      unsubscribe: () => this.threads.unsubscribe(),
      touch: () => this.threads.touch(),
      list: () => this.threads.list(),
      drop: () => this.threads.drop(),
      request: () => this.#raw.ask(),
      flood: () => this.#raw.flood(),
      execute: () => this.#raw.execute(),
      raw: () => this.#raw.startSomething(),
      listen: () => this.listening.listen(),
      showTurns: () => this.listening.showTurns(),
      failToStart: () => this.listening.failToStart(),
      close: () => oracle.watch("close", () => codex.close()),
    };
    const act = random.weighted({
      startThread: handles.size < 4 ? 3 : 0.5,
      run: 5,
      turn: 6,
      lateReader: 1,
      compact: 0.8,
      resume: 1,
      comeBack: 0.4,
      fork: 0.3,
      unsubscribe: 0.4,
      touch: 1.5,
      list: 0.2,
      drop: collect ? 3 : 0,
      request: 1.5,
      flood: 0.2,
      execute: 0.1,
      raw: 2,
      listen: 1,
      showTurns: 0.8,
      failToStart: 0.15,
      close: 0.1,
    });
    acts[act]();
  }
}
