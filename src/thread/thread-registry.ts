import type { Notification } from "../rpc/messages.ts";
import { DeltaForms } from "../turn/delta-forms.ts";
import type { DeltaForm, DeltaLine } from "../turn/delta-line.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { Wakes } from "../turn/wakes.ts";
import { isRecord } from "../util/describe.ts";
import { usualThreadId } from "../util/thread-id.ts";
import { isRefusal, wasRefused } from "./history.ts";
import { childrenNamedBy, parentNamedBy } from "./kinship.ts";
import { SilenceWatch } from "./silence.ts";
import { interruptQuietly } from "./stop-turn.ts";
import type { CurrentConnection, ThreadServer } from "./thread-server.ts";
import { type ThreadHolder, ThreadState } from "./thread-state.ts";

/**
 * Sub-agents at deeper levels count as children of an ancestor within the limit: each level takes
 * time and stack space.
 */
const MAX_LEVELS = 64;

export interface ThreadRegistryOptions {
  /** Whether something needs the parsed notifications of this method. */
  readonly wants: (method: string) => boolean;
  /** Called with each line that `acceptLine` has taken. */
  readonly onLine?: ((line: DeltaLine) => void) | undefined;
  /** Called when a thread was dropped, because nothing needs it. */
  readonly onDropped: (threadId: string) => void;
}

/**
 * The threads that this client knows: those with a handle, active ones, and their sub-agents. It
 * finds the thread of every notification, and drops a thread as soon as it is idle and nothing
 * refers to it.
 */
export class ThreadRegistry implements ThreadHolder {
  readonly server: ThreadServer;
  readonly wakes: Wakes = new Wakes();
  readonly #options: ThreadRegistryOptions;
  readonly #threads = new Map<string, ThreadState>();
  readonly #silence: SilenceWatch;
  readonly #forms = new DeltaForms();
  /**
   * Counts the changes after which a line may have a different destination than the one before it.
   */
  #routes = 1;
  #ended: Error | undefined;

  constructor(server: ThreadServer, options: ThreadRegistryOptions) {
    this.server = server;
    this.#options = options;
    this.#silence = new SilenceWatch(() => this.#threads.values(), server.turnIdleMs);
  }

  /** `threadId` can have any form that the server accepts. */
  known(threadId: string): ThreadState | undefined {
    return this.#threads.get(threadId) ?? this.#threads.get(usualThreadId(threadId));
  }

  /**
   * The thread's state, created if it isn't known yet. It is dropped once it is idle and
   * unreferenced.
   */
  open(threadId: string): ThreadState {
    let thread = this.known(threadId);
    if (thread === undefined) {
      const id = usualThreadId(threadId);
      thread = new ThreadState(id, this.server, this);
      if (this.#ended) thread.refuse(this.#ended);
      this.#threads.set(id, thread);
    }
    return thread;
  }

  /** The number of known threads. */
  get size(): number {
    return this.#threads.size;
  }

  /** The ids of the threads at work. */
  *atWork(): Generator<string, void> {
    for (const thread of this.#threads.values()) if (thread.isAtWork) yield thread.id;
  }

  /** How many listeners follow the threads' turns, or everything that happens on them. */
  get subscriptions(): number {
    let count = 0;
    for (const { observers, shown } of this.#threads.values()) {
      count += observers.subscriptions + shown.subscriptions;
    }
    return count;
  }

  /**
   * Applies the line of a delta without parsing it. Returns false if that isn't possible: the line
   * must then be parsed and passed to `accept`.
   */
  acceptLine(text: string): boolean {
    const form = this.#forms.of(text);
    const line = form?.read(text);
    if (!form || !line || this.#options.wants(line.part.method)) return false;
    if (!this.#route(form, line)) return false;
    this.#options.onLine?.(line);
    return true;
  }

  #route(form: DeltaForm, line: DeltaLine): boolean {
    if (form.routes === this.#routes && form.target?.acceptLine(line)) return true;
    const { threadId, turnId } = line.part.params;
    const thread = this.#threads.get(threadId);
    if (!thread?.acceptLine(line)) return false;
    form.target = thread.turns.get(turnId)?.outlet;
    form.routes = this.#routes;
    return true;
  }

  /** Call this when lines of deltas may have a different destination from now on. */
  reroute(): void {
    this.#routes++;
  }

  accept(notification: Notification): void {
    const { method, params } = notification;
    if (!isRecord(params)) return;
    const turn = isRecord(params.turn) ? params.turn : {};
    if (method === "thread/started") this.#adoptByRecord(params.thread);
    const { threadId } = params;
    if (typeof threadId !== "string") return;
    if (method === "turn/started") this.#adoptByRoot(threadId, turn.rootTurnId);
    const turnId = params.turnId ?? turn.id;
    const name = typeof turnId === "string" ? turnId : undefined;
    this.#threads.get(threadId)?.accept(notification, name);
  }

  /** `turnId` is the parent's turn that started the child, if known. */
  adopt(childId: string, named: ThreadState, turnId?: string): void {
    if (!this.#threads.has(named.id) || isAncestor(childId, named)) return;
    const { family, profile } = this.open(childId);
    const known = family.parent;
    const parent = inReach(named);
    if (known !== undefined && known !== parent && !family.isPresumed) return;
    // The thread is at the deepest level, so its own sub-agents would be too deep.
    if (known !== parent && levelOf(parent) + levelsIn(family.children) >= MAX_LEVELS) return;
    family.workFor(parent, turnId);
    profile.inherit(parent.profile);
    // Observers of the parent also observe the child.
    if (known !== parent) this.reroute();
  }

  adoptNamed(parent: ThreadState, turnId: string, { method, params }: Notification): void {
    for (const id of childrenNamedBy(method, params)) this.adopt(id, parent, turnId);
  }

  adoptMissed(
    childId: string,
    parent: ThreadState,
    turnId: string,
    connection: CurrentConnection,
  ): void {
    this.adopt(childId, parent, turnId);
    const child = this.#threads.get(childId);
    // If this connection isn't subscribed to the child, the child's requests would never be
    // answered.
    if (child === undefined || child.subscription.isHeard) return;
    if (!child.isCatchingUp && !child.starts.refusal) child.catchUp(connection);
  }

  settled(thread: ThreadState): void {
    let root = thread;
    while (root.family.parent) root = root.family.parent;
    if (this.#threads.get(root.id) === root && !isNeeded(root)) this.#drop(root);
  }

  interrupt(thread: ThreadState, record: TurnRecord): void {
    interruptQuietly(thread, record);
  }

  /**
   * Moves to a new connection: subscribes again to active threads and to those whose turns are shown,
   * and fetches what they missed.
   */
  connectionReplaced(connection: CurrentConnection): void {
    for (const thread of [...this.#threads.values()]) thread.connectionReplaced(connection);
    void this.#resubscribe(connection);
  }

  /** Call this when the session has ended. */
  end(reason: Error): void {
    this.#ended = reason;
    this.#silence.stop();
    for (const thread of [...this.#threads.values()]) thread.refuse(reason);
  }

  /** Subscribes to idle threads again, after the active ones, one by one and without delaying other work. */
  async #resubscribe(connection: CurrentConnection): Promise<void> {
    for (const thread of [...this.#threads.values()]) {
      if (connection.isLost || this.#ended) return;
      if (
        thread.subscription.isActive ||
        thread.isCatchingUp ||
        thread.isAtWork ||
        thread.starts.refusal
      )
        continue;
      // If a thread can't be resumed, its next use reports that.
      await thread.starts
        .whileAsking(() => thread.resumeOn(connection))
        .catch((error) => {
          if (isRefusal(error) && wasRefused(error)) thread.turns.owners.goal.unloaded();
          this.settled(thread);
        });
    }
  }

  #adoptByRecord(thread: unknown): void {
    const parent = this.#threads.get(parentNamedBy(thread) ?? "");
    const id = isRecord(thread) ? thread.id : undefined;
    if (typeof id !== "string") return;
    if (parent) this.adopt(id, parent);
    // The thread may become active before the response that names it arrives, so "idle" may be out
    // of date.
    if (isActive(thread)) this.#threads.get(id)?.inform(thread);
  }

  /**
   * Adopts a sub-agent whose turn names the turn that it works for, which belongs to the top-level
   * thread. That thread counts as its parent unless something shows otherwise.
   */
  #adoptByRoot(threadId: string, rootTurnId: unknown): void {
    if (typeof rootTurnId !== "string" || this.#threads.has(threadId)) return;
    for (const thread of this.#threads.values()) {
      if (!thread.turns.get(rootTurnId)) continue;
      this.open(threadId).family.presume(inReach(thread), rootTurnId);
      this.reroute();
      return;
    }
  }

  #drop(thread: ThreadState): void {
    this.#threads.delete(thread.id);
    thread.profile.clear();
    this.#options.onDropped(thread.id);
    for (const child of thread.family.children) this.#drop(child);
  }
}

/** The thread, or its next ancestor that can have sub-agents. */
function inReach(thread: ThreadState): ThreadState {
  let one = thread;
  for (let level = levelOf(thread); level >= MAX_LEVELS; level--) one = one.family.parent ?? one;
  return one;
}

/** 1 for a thread without a parent. */
function levelOf(thread: ThreadState): number {
  let level = 0;
  for (let one: ThreadState | undefined = thread; one; one = one.family.parent) level++;
  return level;
}

/** The number of levels of these threads and their sub-agents. */
function levelsIn(threads: Iterable<ThreadState>): number {
  let levels = 0;
  for (const { family } of threads) levels = Math.max(levels, 1 + levelsIn(family.children));
  return levels;
}

function isActive(thread: unknown): boolean {
  return isRecord(thread) && isRecord(thread.status) && thread.status.type === "active";
}

function isAncestor(id: string, thread: ThreadState): boolean {
  for (let one: ThreadState | undefined = thread; one; one = one.family.parent) {
    if (one.id === id) return true;
  }
  return false;
}

function isNeeded(thread: ThreadState): boolean {
  const { handles, starts, turns } = thread;
  // The order matters: `isAtWork` asks all sub-agents.
  if (handles.hasAny || starts.isWanted || thread.isAtWork) return true;
  if (!starts.refusal && turns.owners.expectsGoalTurns) return true;
  return [...thread.family.children].some(isNeeded);
}
