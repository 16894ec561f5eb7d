import { type Deferred, deferred } from "../util/deferred.ts";
import { keepNewest } from "../util/keep-newest.ts";
import { RecentIds } from "../util/recent-ids.ts";
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
  /** Turns whose root proved to be this program's. */
  readonly #ours = new RecentIds(MAX_AWAITED);
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
    const { turns } = this.#self;
    // A client can also start turns on a sub-agent of another one.
    if (turns.owners.isAnothers(turnId)) return true;
    if (this.#ours.has(turnId)) return false;
    return !this.knowsOwner(turnId) || !this.#worksForOurs(turnId);
  }

  /** Whether the turn is known to work for another client, and not for the turn `except`. */
  isForAnothers(turnId: string, except: string): boolean {
    const { turns } = this.#self;
    if (turnId === except || turns.owners.isOurs(turnId)) return false;
    if (turns.owners.isAnothers(turnId)) return true;
    const root = this.rootOf(turnId);
    if (root?.turnId === except) return false;
    if (root) return root.threads.some((one) => one.turns.owners.isAnothers(root.turnId));
    const origin = this.#origin;
    return origin !== undefined && this.#parent?.family.isForAnothers(origin, except) === true;
  }

  /**
   * Whether the turn is certainly this program's. Only the turn that it works for, or that started
   * its sub-agent, shows that: the parent's later turns don't.
   */
  isKnownAsOurs(turnId: string): boolean {
    if (this.#isSelfOurs(turnId)) return true;
    const isLinked = this.#origin !== undefined || this.#rootOf(turnId) !== undefined;
    return isLinked && !this.isOthers(turnId);
  }

  /** Whether it is known how the turn began, or for which other turn it works. */
  knowsOwner(turnId: string): boolean {
    const { turns } = this.#self;
    return this.#rootOf(turnId) !== undefined || turns.owners.knowsBeginning(turnId);
  }

  /**
   * The other turn that this turn works for, if any, and the threads that can have run that other turn: this
   * thread, because sub-agents can give work back, and the threads that this one works for.
   */
  rootOf(
    turnId: string,
  ): { readonly threads: (T & Relative<T>)[]; readonly turnId: string } | undefined {
    const root = this.#rootOf(turnId);
    if (root === undefined) return undefined;
    const threads: (T & Relative<T>)[] = [];
    let one: (T & Relative<T>) | undefined = this.#self;
    for (; one; one = one.family.#parent) threads.push(one);
    return { threads, turnId: root };
  }

  /** Whether a turn of this program is running on the thread. */
  get hasOurs(): boolean {
    return this.#self.turns.hasOurs();
  }

  /** Resolves if the turn proves to be this program's after all. Only the newest few are waited for. */
  whenOurs(turnId: string): Promise<void> {
    if (this.isKnownAsOurs(turnId)) return Promise.resolve();
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
      if (!this.isKnownAsOurs(turnId)) continue;
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
  beginsForStopped(turnId: string, rootTurnId: unknown): boolean {
    this.#self.turns.owners.hasRoot(turnId, rootTurnId);
    // The turn that it works for may be forgotten before this one ends.
    this.isOthers(turnId);
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
    return this.#self.turns.owners.isOurs(turnId);
  }

  /** The other turn that this one works for, if it names one. */
  #rootOf(turnId: string): string | undefined {
    const root = this.#self.turns.owners.rootOf(turnId);
    return root === turnId ? undefined : root;
  }

  /** Turns that name no other turn, as with older servers, work for the turn that started the thread. */
  #worksForOurs(turnId: string): boolean {
    const root = this.rootOf(turnId);
    if (root) {
      const isOurs = root.threads.some(({ family }) => family.#isSelfOurs(root.turnId));
      if (isOurs) this.#ours.add(turnId);
      return isOurs;
    }
    this.#noteOrigin();
    return this.#isOurs;
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
