import type { LiveTurns } from "./live-turns.ts";

/** A thread, as its relatives see it. */
interface Relative<T> {
  readonly family: Family<T>;
  readonly turns: LiveTurns;
}

/** The threads that work for a thread, its sub-agents, and the one that it works for. */
export class Family<T> {
  readonly children: Set<T> = new Set<T>();
  readonly #self: T & Relative<T>;
  #parent: (T & Relative<T>) | undefined;
  /** The parent's turn that began this thread, if that is known. */
  #origin: string | undefined;
  /** Whether a turn of this program has begun it. */
  #isOurs = false;

  constructor(self: T & Relative<T>) {
    this.#self = self;
  }

  get parent(): T | undefined {
    return this.#parent;
  }

  /** This thread works for another, which has begun it in this turn. */
  workFor(parent: T & Relative<T>, turnId?: string): void {
    this.#parent = parent;
    this.#origin = turnId;
    parent.family.children.add(this.#self);
    this.#noteOrigin();
  }

  /** Whether a turn of this thread was started by another client of the server, as far as can be seen. */
  isOthers(turnId: string): boolean {
    if (this.#self.turns.isOurs(turnId)) return false;
    this.#noteOrigin();
    return !this.#isOurs;
  }

  /** A sub-agent is whose turn has begun it. That turn may end first, and its start be answered late. */
  #noteOrigin(): void {
    const parent = this.#parent;
    if (this.#isOurs || parent === undefined) return;
    const isKnown = this.#origin !== undefined;
    this.#isOurs =
      !parent.family.isOthers(this.#origin ?? "") || (!isKnown && parent.turns.hasOurs);
  }
}
