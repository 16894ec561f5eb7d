import type { Codex, Notification, Thread, Turn } from "../../src/index.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { type Oracle, UserAbort } from "./oracle.ts";
import type { Random } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

interface Parts {
  readonly codex: Codex;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly oracle: Oracle;
  readonly server: MisbehavingServer;
}

/** Does with a client whatever users do, in an order that its seed gives. */
export class SeededUser {
  readonly signals: AbortSignal[] = [];
  readonly #parts: Parts;
  #threads: Thread[] = [];
  readonly #turns: Turn[] = [];
  /** Iterators that end with the client only. */
  readonly untilClose: Promise<unknown>[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
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
    const { random, codex } = this.#parts;
    const thread = this.#threads.length > 0 ? random.pick(this.#threads) : undefined;
    const turn = this.#turns.length > 0 ? random.pick(this.#turns) : undefined;
    const acts = {
      startThread: () => this.#startThread(),
      request: () => this.#request(),
      flood: () => {
        for (let count = 0; count < 150; count++) this.#request();
      },
      listen: () => this.#listen(),
      close: () => this.#watch("close", () => codex.close()),
      lateStream: () => turn && this.#consume(turn),
      run: () => thread && this.#run(thread),
      turn: () => thread && this.#turn(thread),
      thread: () => thread && this.#useThread(thread),
      compact: () => thread && this.#watch("compact", () => thread.compact(this.#limits())),
      unsubscribe: () => thread && this.#unsubscribe(thread),
    };
    const act = random.weighted({
      startThread: this.#threads.length < 4 ? 3 : 0.5,
      request: 2,
      flood: 0.3,
      listen: 1,
      close: 0.15,
      lateStream: 1,
      run: 5,
      turn: 6,
      thread: 2,
      compact: 0.7,
      unsubscribe: 0.3,
    });
    acts[act]();
  }

  #startThread(): void {
    this.#watch("threadStart", async () => {
      this.#threads.push(await this.#parts.codex.threadStart(this.#limits()));
    });
  }

  #run(thread: Thread): void {
    this.#watch(`run on ${thread.id}`, async () => {
      this.#parts.oracle.judgeResult(await thread.run("go", this.#limits()));
    });
  }

  #turn(thread: Thread): void {
    const { random, clock, oracle } = this.#parts;
    this.#watch(`turn on ${thread.id}`, async () => {
      const turn = await thread.turn("go", this.#limits());
      this.#turns.push(turn);
      for (let left = random.between(0, 4); left > 0; left--) this.#consume(turn);
      if (random.chance(0.7)) {
        this.#watch(`run of ${turn.id}`, async () => {
          await clock.sleep(random.pick([0, 50, 2_000]));
          oracle.judgeResult(await turn.run(this.#limits()));
        });
      }
      if (random.chance(0.25)) {
        this.#watch(`interrupt ${turn.id}`, async () => {
          await clock.sleep(random.pick([0, 5, 100]));
          await turn.interrupt(this.#limits());
        });
      }
      if (random.chance(0.25)) {
        this.#watch(`steer ${turn.id}`, async () => {
          await clock.sleep(random.pick([0, 5, 100]));
          await turn.steer("more", this.#limits());
        });
      }
    });
  }

  /** Reads a turn: fast, slowly, late, or only the beginning. */
  #consume(turn: Turn): void {
    const { random, clock, oracle } = this.#parts;
    const lateMs = random.pick([0, 0, 30, 3_000]);
    const slowMs = random.pick([0, 0, 1, 50]);
    const leavesAfter = random.pick([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 1, 5]);
    if (random.chance(0.4)) {
      this.#watch(`text of ${turn.id}`, async () => {
        await clock.sleep(lateMs);
        let text = "";
        for await (const part of turn.textStream()) {
          text += part;
          if (slowMs > 0) await clock.sleep(slowMs);
        }
        oracle.judgeText(turn.id, turn.threadId, text);
      });
      return;
    }
    this.#watch(`stream of ${turn.id}`, async () => {
      await clock.sleep(lateMs);
      const all: Notification[] = [];
      for await (const one of turn.stream()) {
        all.push(one);
        if (all.length > leavesAfter) return;
        if (slowMs > 0) await clock.sleep(slowMs);
      }
      oracle.judgeStream(turn.id, turn.threadId, all);
    });
  }

  #unsubscribe(thread: Thread): void {
    this.#watch(`unsubscribe ${thread.id}`, async () => {
      await thread.unsubscribe(this.#limits());
      this.#threads.push(await this.#parts.codex.threadResume(thread.id));
    });
  }

  #request(): void {
    const { random, codex } = this.#parts;
    const method = random.pick(["model/list", "thread/loaded/list", "brand/new"]);
    this.#watch(method, () => codex.request(method, {}, this.#limits()));
  }

  #useThread(thread: Thread): void {
    const { random } = this.#parts;
    if (random.chance(0.5)) {
      this.#watch(`read ${thread.id}`, () => thread.read(this.#limits()));
    } else {
      this.#watch(`name ${thread.id}`, () => thread.setName("a name", this.#limits()));
    }
  }

  #listen(): void {
    const { random, codex, clock } = this.#parts;
    const what = random.pick(["throws", "all", "some"]);
    if (what === "throws") {
      const listener = codex.on("item/completed", () => {
        throw new Error("a listener's own fault");
      });
      clock.after(random.between(0, 500), () => listener[Symbol.dispose]());
      return;
    }
    let left = what === "all" ? Number.POSITIVE_INFINITY : random.between(0, 20);
    const reading = (async () => {
      for await (const _ of codex.notifications()) {
        if (left-- <= 0) return;
      }
    })();
    this.untilClose.push(reading.catch(() => {}));
  }

  #watch(what: string, work: () => Promise<unknown>): void {
    this.#parts.oracle.watch(what, work);
  }

  /** At times a signal that aborts, before or in the middle, at times a time limit. */
  #limits(): { signal?: AbortSignal; timeoutMs?: number } {
    const { random, clock } = this.#parts;
    const limits: { signal?: AbortSignal; timeoutMs?: number } = {};
    if (random.chance(0.3)) {
      const controller = new AbortController();
      this.signals.push(controller.signal);
      limits.signal = controller.signal;
      const abort = () => controller.abort(new UserAbort("the user has had enough"));
      const when = random.pick(["never", "at once", "later"]);
      if (when === "at once") abort();
      if (when === "later") clock.after(random.between(0, 300), abort);
    }
    if (random.chance(0.15)) limits.timeoutMs = random.between(1, 400);
    return limits;
  }
}
