import { getEventListeners } from "node:events";
import { Codex, LaunchError } from "../../src/index.ts";
import { oddValue } from "./odd-values.ts";
import type { UserParts } from "./user.ts";

/** Listeners, readers of notifications, and clients that never start. */
export class Listening {
  /** Iterators that end only with the client. */
  readonly untilClose: Promise<unknown>[] = [];
  readonly #parts: UserParts;

  constructor(parts: UserParts) {
    this.#parts = parts;
  }

  listen(): void {
    const { random, codex, clock } = this.#parts;
    const manner = random.weighted({ throws: 2, all: 2, some: 2, status: 1, closes: 0.3 });
    if (manner === "all" || manner === "some") {
      const left = manner === "all" ? Number.POSITIVE_INFINITY : random.between(0, 20);
      this.untilClose.push(this.#readAll(left).catch(() => {}));
      return;
    }
    const fails = () => {
      throw oddValue(random);
    };
    const listener =
      manner === "status"
        ? codex.onStatus(fails)
        : manner === "closes"
          ? codex.on(random.pick(["thread/started", "turn/started"]), () => void codex.close())
          : codex.on(random.pick(["item/completed", "turn/started"]), fails);
    clock.after(random.between(0, 500), () => listener[Symbol.dispose]());
  }

  /** Every turn of a thread is reported once, and its handle can be read to its end. */
  showTurns(): void {
    const { random, clock, oracle, handles } = this.#parts;
    const thread = handles.pick();
    if (!thread) return;
    const shown = new Map<string, Promise<boolean>>();
    const listener = thread.onTurn((turn) => {
      const earlier = shown.get(turn.id);
      const isWhole = turn.run().then(
        () => true,
        () => false,
      );
      shown.set(turn.id, isWhole);
      oracle.watch(`reading ${turn.id}, which was reported`, async () => {
        await isWhole;
        // One that was given up is reported again if it still runs.
        if (await earlier) oracle.fault(`[shown] ${turn.id} was reported again`);
      });
    });
    clock.after(random.between(0, 5_000), () => listener[Symbol.dispose]());
  }

  /** A client whose server can't be started or reached leaves nothing behind. */
  failToStart(): void {
    if (this.#parts.random.chance(0.4)) this.#waitForEver();
    else this.#fail();
  }

  #waitForEver(): void {
    const { oracle } = this.#parts;
    const transport = {
      name: "nowhere",
      outlivesTransport: true,
      connect: () => new Promise<never>(() => {}),
    };
    oracle.watch("a client that is never connected", async () => {
      const codex = new Codex({ transport, requestTimeoutMs: 50 });
      await codex.connect().catch(() => {});
      await codex.close();
    });
    oracle.watch("a client that is closed before it is connected", async () => {
      const codex = new Codex({ transport });
      codex.connect().catch(() => {});
      await codex.close();
    });
  }

  #fail(): void {
    const { oracle } = this.#parts;
    oracle.watch("a client that can't start", async () => {
      const { signal } = new AbortController();
      const connect = async () => {
        throw new LaunchError("The server can't be started");
      };
      const transport = { name: "nothing", outlivesTransport: false, connect };
      await Codex.start({ transport, signal }).catch(() => {});
      const left = getEventListeners(signal, "abort").length;
      if (left > 0) oracle.fault(`[listeners] ${left} of a client that couldn't start`);
    });
  }

  async #readAll(limit: number): Promise<void> {
    let left = limit;
    for await (const _ of this.#parts.codex.notifications()) {
      if (left-- <= 0) return;
    }
  }
}
