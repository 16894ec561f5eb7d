import type { LiveTurns } from "./live-turns.ts";

/** The part of a thread that related threads use. */
interface Relative<T> {
  readonly family: Family<T>;
  readonly turns: LiveTurns;
}

/** The relations of a thread: its sub-agents, and the parent that it works for. */
export class Family<T> {
  readonly children: Set<T> = new Set<T>();
  readonly #self: T & Relative<T>;
  #parent: (T & Relative<T>) | undefined;
  /** The parent's turn that started this thread, if known. */
  #origin: string | undefined;
  #hasBegun = false;
  /** Whether a turn of this program has started it. */
  #isOurs = false;

  constructor(self: T & Relative<T>) {
    this.#self = self;
  }

  get parent(): T | undefined {
    return this.#parent;
  }

  /** This thread works for another one, which started it in this turn. */
  workFor(parent: T & Relative<T>, turnId?: string): void {
    this.#parent = parent;
    this.#origin = turnId;
    parent.family.children.add(this.#self);
    this.#noteOrigin();
  }

  /** Whether another client of the server seems to have started a turn of this thread. */
  isOthers(turnId: string): boolean {
    if (this.#self.turns.isOurs(turnId)) return false;
    this.#noteOrigin();
    return !this.#isOurs;
  }

  /** Resolves if the turn turns out to be this program's. */
  whenOurs(turnId: string): Promise<void> {
    const own = this.#self.turns.whenOurs(turnId);
    if (this.#parent === undefined || this.#origin === undefined) return own;
    return Promise.race([own, this.#parent.family.whenOurs(this.#origin)]);
  }

  /** The turn of the topmost parent that led to this one, as far as known. */
  rootOf(turnId: string): { readonly thread: T; readonly turnId: string } | undefined {
    if (this.#parent === undefined) return { thread: this.#self, turnId };
    return this.#origin === undefined ? undefined : this.#parent.family.rootOf(this.#origin);
  }

  /**
   * A turn starts. Returns whether it works for a turn that has been stopped meanwhile. If the turn
   * doesn't name its parent's turn, the first one works for the turn that started this thread.
   */
  beginsForStopped(rootTurnId: unknown): boolean {
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    const name = typeof rootTurnId === "string" ? rootTurnId : isFirst ? this.#origin : undefined;
    return name !== undefined && this.#parent?.family.hasStopped(name) === true;
  }

  /** Whether this program has stopped that turn of the thread, or a turn that it works for. */
  hasStopped(turnId: string): boolean {
    return this.#self.turns.wasStopped(turnId) || this.#parent?.family.hasStopped(turnId) === true;
  }

  /**
   * A sub-agent belongs to the client whose turn started it. That turn may end first, and the
   * response to its start may come late.
   */
  #noteOrigin(): void {
    const parent = this.#parent;
    if (this.#isOurs || parent === undefined) return;
    const isKnown = this.#origin !== undefined;
    this.#isOurs =
      !parent.family.isOthers(this.#origin ?? "") || (!isKnown && parent.turns.hasOurs);
  }
}
