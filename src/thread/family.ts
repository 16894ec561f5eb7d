import { type Deferred, deferred } from "../util/deferred.ts";
import { keepNewest } from "../util/keep-newest.ts";
import type { LiveTurns } from "./live-turns.ts";

/** The maximum number of turns for which requests wait to find out whose they are. */
const MAX_AWAITED = 64;

/** A thread, as its relatives see it. */
interface Relative<T> {
  readonly family: Family<T>;
  readonly turns: LiveTurns;
}

/** The relations of a thread: its sub-agents, and the parent that it works for. */
export class Family<T> {
  readonly children: Set<T & Relative<T>> = new Set<T & Relative<T>>();
  readonly #self: T & Relative<T>;
  #parent: (T & Relative<T>) | undefined;
  /** The parent's turn that started this thread, if known. */
  #origin: string | undefined;
  #isPresumed = false;
  #hasBegun = false;
  /** Whether a turn of this program has started this thread. */
  #isOurs = false;
  /** By turn id. Most threads have none. */
  #awaited: Map<string, Deferred<void>> | undefined;

  constructor(self: T & Relative<T>) {
    this.#self = self;
  }

  get parent(): T | undefined {
    return this.#parent;
  }

  /** The parent's turn that started this thread, if that is known. */
  get origin(): string | undefined {
    return this.#origin;
  }

  /** Whether the known parent is only a guess: the real one may be a different thread. */
  get isPresumed(): boolean {
    return this.#isPresumed;
  }

  /** This thread works for `parent`. The turn that started it may become known later. */
  workFor(parent: T & Relative<T>, turnId?: string): void {
    if (this.#isPresumed) this.#origin = undefined;
    this.#isPresumed = false;
    this.#setParent(parent, turnId);
  }

  /**
   * This thread works for that turn, which belongs to its parent or to one of the parent's
   * ancestors.
   */
  presume(eldest: T & Relative<T>, turnId: string): void {
    this.#isPresumed = true;
    this.#setParent(eldest, turnId);
  }

  /** Whether this turn of the thread seems to have been started by another client of the server. */
  isOthers(turnId: string): boolean {
    if (this.#isSelfOurs(turnId)) return false;
    // A client can also start turns on a sub-agent of another one.
    if (this.#self.turns.isAnothers(turnId)) return true;
    this.#noteOrigin();
    return !this.#isOurs;
  }

  /** Whether a turn of this program is running on the thread. */
  get hasOurs(): boolean {
    return this.#self.turns.hasOurs({ ofSubAgent: this.#parent !== undefined });
  }

  /** Resolves if the turn proves to be this program's after all. Only the newest few are waited for. */
  whenOurs(turnId: string): Promise<void> {
    if (this.#isKnownAsOurs(turnId)) return Promise.resolve();
    this.#awaited ??= new Map();
    const awaited = this.#awaited.get(turnId) ?? deferred();
    this.#awaited.set(turnId, awaited);
    keepNewest(this.#awaited, MAX_AWAITED);
    return awaited.promise;
  }

  /**
   * More is known about the thread's turns: awaited ones, of this thread or its sub-agents, may
   * prove to be this program's.
   */
  recheck(): void {
    for (const [turnId, awaited] of this.#awaited ?? []) {
      if (!this.#isKnownAsOurs(turnId)) continue;
      this.#awaited?.delete(turnId);
      awaited.resolve();
    }
    for (const child of this.children) child.family.recheck();
  }

  /** The turn has ended: nothing is waiting for it now. */
  ended(turnId: string): void {
    this.#awaited?.delete(turnId);
  }

  /**
   * A turn starts. Returns whether it works for a turn that has been stopped in the meantime. If the turn
   * doesn't name its parent's turn, the first one works for the turn that started this thread.
   */
  beginsForStopped(rootTurnId: unknown): boolean {
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    const name = typeof rootTurnId === "string" ? rootTurnId : isFirst ? this.#origin : undefined;
    return name !== undefined && this.#parent?.family.hasStopped(name) === true;
  }

  /**
   * Whether this program has stopped that turn of the thread, or a turn that the thread works for.
   */
  hasStopped(turnId: string): boolean {
    return this.#self.turns.wasStopped(turnId) || this.#parent?.family.hasStopped(turnId) === true;
  }

  #setParent(parent: T & Relative<T>, turnId: string | undefined): void {
    this.#parent?.family.children.delete(this.#self);
    this.#parent = parent;
    this.#origin ??= turnId;
    parent.family.children.add(this.#self);
    this.#noteOrigin();
    this.recheck();
  }

  #isSelfOurs(turnId: string): boolean {
    return this.#self.turns.isOurs(turnId, { ofSubAgent: this.#parent !== undefined });
  }

  /**
   * Only the turn that started a sub-agent counts: its parent's later turns don't show who started
   * it.
   */
  #isKnownAsOurs(turnId: string): boolean {
    if (this.#isSelfOurs(turnId)) return true;
    return this.#origin !== undefined && !this.isOthers(turnId);
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
      !parent.family.isOthers(this.#origin ?? "") || (!isKnown && parent.family.hasOurs);
  }
}
