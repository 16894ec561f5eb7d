import { getEventListeners } from "node:events";
import { Codex, LaunchError, type Notification } from "../../src/index.ts";
import { oddValue } from "./odd-values.ts";
import type { UserParts } from "./user.ts";

/** Of what a reader has read, the client may keep the newest few. */
const MAX_KEPT = 10;

/** Listeners, readers of notifications, and clients that never start. */
export class Listening {
  /** Iterators that end with the client only. */
  readonly untilClose: Promise<unknown>[] = [];
  /** What readers of notifications have read, oldest first, while they go on. */
  readonly #read: WeakRef<object>[] = [];
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

  /** A client whose server can't be started leaves nothing on its user's signal. */
  failToStart(): void {
    const { oracle } = this.#parts;
    oracle.watch("a client that can't start", async () => {
      const { signal } = new AbortController();
      const connect = async () => {
        throw new LaunchError("The server can't be started");
      };
      const transport = { name: "nothing", outlivesTransport: false, connect };
      await Codex.start({ transport, signal }).catch(() => {});
      const left = getEventListeners(signal, "abort").length;
      if (left > 0) oracle.fault(`[listeners] ${left} of a client that could not start`);
    });
  }

  /** How many notifications are kept of those that were read. */
  get kept(): number {
    const alive = this.#read.filter((ref) => ref.deref() !== undefined).length;
    return Math.max(0, alive - MAX_KEPT);
  }

  async #readAll(limit: number): Promise<void> {
    const { codex, collect } = this.#parts;
    let left = limit;
    for await (const notification of codex.notifications()) {
      if (collect) this.#note(notification);
      if (left-- <= 0) return;
    }
  }

  #note(notification: Notification): void {
    this.#read.push(new WeakRef(notification));
  }
}
