import type { Thread, Turn } from "../../src/index.ts";
import type { Holder } from "./misbehaving-server.ts";
import type { Random } from "./random.ts";

interface Entry {
  readonly thread: Thread;
  readonly hasTools: boolean;
}

interface Drop {
  readonly turns: boolean;
  readonly running: string | undefined;
}

/**
 * The handles that the user holds. Once a handle is removed, nothing in the harness refers to it.
 */
export class HandleBook implements Holder {
  readonly #random: Random;
  #threads: Entry[] = [];
  #turns: Turn[] = [];
  /** Threads that the user has unsubscribed from, and not resumed. */
  readonly #left = new Set<string>();
  /** The turns that were running when the last handle of their thread was dropped. */
  readonly #running = new Map<string, string>();

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#threads.length;
  }

  /** One handle of each thread that is held. */
  get threads(): Thread[] {
    return [...new Map(this.#threads.map(({ thread }) => [thread.id, thread])).values()];
  }

  add(thread: Thread, { hasTools }: { readonly hasTools: boolean }): void {
    this.#left.delete(thread.id);
    this.#threads.push({ thread, hasTools });
  }

  leave(threadId: string): void {
    this.#left.add(threadId);
  }

  addTurn(turn: Turn): void {
    this.#turns.push(turn);
  }

  pick(): Thread | undefined {
    return this.#threads.length > 0 ? this.#random.pick(this.#threads).thread : undefined;
  }

  pickTurn(): Turn | undefined {
    return this.#turns.length > 0 ? this.#random.pick(this.#turns) : undefined;
  }

  /**
   * Drops all handles to a thread, and with `turns` those of its turns too. Running turns keep
   * the thread's tools.
   */
  drop(threadId: string, { turns, running }: Drop): void {
    if (running !== undefined && this.serves(threadId)) this.#running.set(threadId, running);
    this.#threads = this.#threads.filter(({ thread }) => thread.id !== threadId);
    if (turns) this.#turns = this.#turns.filter((turn) => turn.threadId !== threadId);
  }

  servesUntilEndOf(threadId: string): string | undefined {
    return this.#running.get(threadId);
  }

  clear(): void {
    this.#threads = [];
    this.#turns = [];
  }

  holds(threadId: string): boolean {
    if (this.#left.has(threadId)) return false;
    return this.#threads.some(({ thread }) => thread.id === threadId);
  }

  serves(threadId: string): boolean {
    return this.#threads.some(({ thread, hasTools }) => thread.id === threadId && hasTools);
  }
}
