import { type Deferred, deferred } from "../util/deferred.ts";
import { keepNewest } from "../util/keep-newest.ts";
import { RecentIds } from "../util/recent-ids.ts";
import type { LiveTurns } from "./live-turns.ts";

/** The maximum number of turns whose requests can wait until it is known who started the turn. */
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
  /** Turns that work for a turn of this program. */
  readonly #ours = new RecentIds(MAX_AWAITED);
  /** The waiting callers of `whenOurs`, by turn id. Most threads have none. */
  #awaited: Map<string, Deferred<void>> | undefined;

  constructor(self: T & Relative<T>) {
    this.#self = self;
  }

  get parent(): T | undefined {
    return this.#parent;
  }

  /**
   * The sub-agents that the thread is known to have started. A presumed one may be someone else's thread: an agent can
   * give work to any thread of the server.
   */
  get agents(): readonly (T & Relative<T>)[] {
    return [...this.children].filter(({ family }) => !family.isPresumed);
  }

  /** The parent's turn that started this thread, if that is known. */
  get origin(): string | undefined {
    return this.#origin;
  }

  /** Whether the known parent is only a guess: the real one may be a different thread. */
  get isPresumed(): boolean {
    return this.#isPresumed;
  }

  /** Records that this thread works for `parent`. The turn that started it may become known later. */
  workFor(parent: T & Relative<T>, turnId?: string): void {
    if (this.#isPresumed) this.#origin = undefined;
    this.#isPresumed = false;
    this.#setParent(parent, turnId);
  }

  /**
   * Records that this thread seems to work for that turn, which belongs to its parent or to one of the
   * parent's ancestors.
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
   * Whether the turn was started by another client, or works for a turn that isn't known to be this
   * program's. Such a turn must not be stopped, even if a message of this program has joined it.
   */
  isAnothers(turnId: string): boolean {
    if (this.#self.turns.owners.isAnothers(turnId)) return true;
    return this.#rootOf(turnId) !== undefined && this.isOthers(turnId);
  }

  /**
   * Whether the turn is certainly this program's. This depends on the turn that it works for, or that started its
   * sub-agent. The parent's later turns show nothing about it.
   */
  isKnownAsOurs(turnId: string): boolean {
    if (this.#isSelfOurs(turnId)) return true;
    const isLinked = this.#origin !== undefined || this.#rootOf(turnId) !== undefined;
    return isLinked && !this.isOthers(turnId);
  }

  /** Whether the client knows how the turn began, or which other turn it works for. */
  knowsOwner(turnId: string): boolean {
    const { turns } = this.#self;
    return this.#rootOf(turnId) !== undefined || turns.owners.knowsBeginning(turnId);
  }

  /**
   * The other turn that this turn works for, if any, and the threads that may have run it. These are the threads
   * that this one works for, and this thread itself, because a sub-agent can give work back.
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

  /**
   * Resolves when the turn turns out to be this program's. For more than 64 turns, the oldest waits are dropped and
   * never resolve.
   */
  whenOurs(turnId: string): Promise<void> {
    if (this.isKnownAsOurs(turnId)) return Promise.resolve();
    this.#awaited ??= new Map();
    const awaited = this.#awaited.get(turnId) ?? deferred();
    this.#awaited.set(turnId, awaited);
    keepNewest(this.#awaited, MAX_AWAITED);
    return awaited.promise;
  }

  /**
   * Tells callers of `whenOurs` about turns that are now known as this program's, here or in
   * sub-agents. Must be called when more is known about the thread's turns.
   */
  recheck(): void {
    for (const [turnId, awaited] of this.#awaited ?? []) {
      if (!this.isKnownAsOurs(turnId)) continue;
      this.#awaited?.delete(turnId);
      awaited.resolve();
    }
    for (const child of this.children) child.family.recheck();
  }

  /** Call this when the turn has ended: nothing waits for its owner any more. */
  ended(turnId: string): void {
    this.#awaited?.delete(turnId);
  }

  /**
   * Call this when a turn starts. Returns whether the turn works for a turn that has been stopped in the
   * meantime. If the thread's first turn names no other turn, it works for the turn that started the thread.
   */
  beginsForStopped(turnId: string, rootTurnId: unknown): boolean {
    this.#self.turns.owners.hasRoot(turnId, rootTurnId);
    // Looked up now, and remembered: the turn that it works for may be forgotten before this one ends.
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

  /**
   * Whether the turn works for a turn of this program. With older servers, turns name no other turn; they then work
   * for the turn that started the thread.
   */
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
   * Remembers whether a turn of this program started the thread. It is checked more than once, because that turn may
   * end first, and the response to its start may arrive late.
   */
  #noteOrigin(): void {
    const parent = this.#parent;
    if (this.#isOurs || parent === undefined) return;
    const isKnown = this.#origin !== undefined;
    this.#isOurs =
      !parent.family.isOthers(this.#origin ?? "") || (!isKnown && parent.family.hasOurs);
  }
}
