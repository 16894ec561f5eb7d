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
  #hasBegun = false;
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

  /** The parent's turn that began this thread may be named later than the parent. */
  learnOrigin(turnId: string | undefined): void {
    this.#origin ??= turnId;
    this.#noteOrigin();
  }

  /** Whether a turn of this thread was started by another client of the server, as far as can be seen. */
  isOthers(turnId: string): boolean {
    if (this.#self.turns.isOurs(turnId)) return false;
    this.#noteOrigin();
    return !this.#isOurs;
  }

  /** Resolves if the turn proves to be this program's after all. */
  whenOurs(turnId: string): Promise<void> {
    const own = this.#self.turns.whenOurs(turnId);
    if (this.#parent === undefined || this.#origin === undefined) return own;
    return Promise.race([own, this.#parent.family.whenOurs(this.#origin)]);
  }

  /** The turn of the family's eldest that has led to this one, as far as that is known. */
  rootOf(turnId: string): { readonly thread: T; readonly turnId: string } | undefined {
    if (this.#parent === undefined) return { thread: this.#self, turnId };
    return this.#origin === undefined ? undefined : this.#parent.family.rootOf(this.#origin);
  }

  /**
   * A turn begins: whether it works for a turn that was stopped meanwhile. Where it doesn't name that
   * turn, the first one works for the turn that has begun this thread.
   */
  beginsForStopped(rootTurnId: unknown): boolean {
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    const name = typeof rootTurnId === "string" ? rootTurnId : isFirst ? this.#origin : undefined;
    return name !== undefined && this.#parent?.family.hasStopped(name) === true;
  }

  /** Whether this program has stopped that turn of the thread, or of those that it works for. */
  hasStopped(turnId: string): boolean {
    return this.#self.turns.wasStopped(turnId) || this.#parent?.family.hasStopped(turnId) === true;
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
