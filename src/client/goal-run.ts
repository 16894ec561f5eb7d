import { CodexError, ModelUnreachableError } from "../errors/errors.ts";
import type { ThreadGoal } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { followTurns } from "../thread/follow-turns.ts";
import { recentTurns } from "../thread/history.ts";
import { interruptQuietly } from "../thread/stop-turn.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { deferred } from "../util/deferred.ts";
import { isRecord } from "../util/describe.ts";

/** How long to wait before asking the server again for a thread that it hasn't stored yet. */
const NOT_YET_MS = 500;

/** How long the message that started a turn can take to arrive after the turn's start. */
const MESSAGE_LAG_MS = 200;

/** Notifications after which a thread's goal is no longer worked on, and what happened to the thread. */
const GONE: Readonly<Record<string, string>> = {
  "thread/archived": "was archived",
  "thread/deleted": "was deleted",
  "thread/closed": "was closed",
};

/**
 * Follows the work on a thread's goal until it ends, across lost connections. Must be disposed of.
 */
export class GoalRun implements Disposable {
  readonly #thread: ThreadState;
  readonly #turns: TurnRecord[] = [];
  /**
   * The ids of the turns that were seen to start. Most turns are followed only once they have an
   * item.
   */
  readonly #started = new Set<string>();
  readonly #over = deferred<ThreadGoal | null>();
  readonly #stopTurns: () => void;
  readonly #observing: Disposable;
  /** The goal as accepted by the server. */
  #set: ThreadGoal | undefined;
  #hasMissed = false;
  #isAsking = false;
  #isStopped = false;

  constructor(thread: ThreadState) {
    this.#thread = thread;
    // Nothing awaits this promise while the goal is being stopped.
    this.#over.promise.catch(() => {});
    this.#stopTurns = followTurns(thread, (record) => {
      this.#turns.push(record);
      // On the server the goal stays active, although no turn can reach the model.
      record.outcome.catch((error) => {
        if (error instanceof ModelUnreachableError) this.#over.reject(error);
      });
      this.#sawStart(record.turnId);
    });
    this.#observing = thread.observers.add({
      notified: (notification) => this.#notified(notification),
      missed: (threadId) => {
        if (threadId === thread.id) this.#missed();
      },
      subscribed: () => {},
      refused: (threadId, reason) => {
        if (threadId === thread.id) this.#over.reject(reason);
      },
    });
  }

  /** The final state of the goal; null if it was cleared. */
  get over(): Promise<ThreadGoal | null> {
    return this.#over.promise;
  }

  /**
   * Notes that the server has accepted the goal: reports about an earlier one no longer count. Must be called
   * in wire order.
   */
  wasSet(goal: ThreadGoal | null): void {
    this.#set = goal ?? undefined;
    this.#see(goal);
  }

  /** The turns that worked on the goal, including those without any notification. */
  async turns(): Promise<readonly TurnRecord[]> {
    if (this.#hasMissed) await this.#addMissed();
    return this.#turns.filter((record) => this.#isOfGoal(record));
  }

  /** Interrupts the running turn, and turns that the server starts until this is disposed of. */
  stop(): void {
    this.#isStopped = true;
    for (const turnId of this.#started) this.#interrupt(turnId);
  }

  [Symbol.dispose](): void {
    this.#stopTurns();
    this.#observing[Symbol.dispose]();
  }

  #notified({ method, params }: Notification): void {
    if (!isRecord(params) || params.threadId !== this.#thread.id) return;
    if (method === "turn/started" && isRecord(params.turn)) this.#sawStart(params.turn.id);
    const gone = GONE[method];
    if (gone !== undefined) {
      this.#over.reject(
        new CodexError(`Thread ${this.#thread.id} ${gone} before its goal had ended`),
      );
    }
    // A notification that arrives before the answer is about an earlier goal.
    if (this.#set === undefined) return;
    if (method === "thread/goal/cleared") this.#see(null);
    const goal = method === "thread/goal/updated" ? goalIn(params) : null;
    if (goal) this.#see(goal);
  }

  #sawStart(turnId: unknown): void {
    if (typeof turnId !== "string" || this.#started.has(turnId)) return;
    this.#started.add(turnId);
    // Deferred, because the thread processes the notification only after its observers.
    if (this.#isStopped) queueMicrotask(() => this.#interrupt(turnId));
  }

  #interrupt(turnId: string): void {
    const record = this.#thread.turns.get(turnId);
    if (record === undefined || record.isOwn) return;
    const interrupt = () => {
      if (this.#isOfGoal(record)) interruptQuietly(this.#thread, record);
    };
    if (record.opening.isKnown && record.opening.wasSeen) interrupt();
    else this.#learn(record).then(interrupt, interrupt);
  }

  /** Whether the server, not a client, started the turn for the goal, or the turn that it works for. */
  #isOfGoal({ turnId }: { readonly turnId: string }): boolean {
    const { owners } = this.#thread.turns;
    const root = owners.rootOf(turnId);
    if (root !== undefined && root !== turnId)
      return owners.isOurs(root) && !owners.isRequested(root);
    return !owners.isRequested(turnId) && !owners.isAnothers(turnId);
  }

  /**
   * Finds out how the turn began. If it began a moment ago, a client's message can still arrive. If
   * it began before this client loaded the thread, only the history shows it.
   */
  async #learn({ opening, turnId }: TurnRecord): Promise<void> {
    const { id, server, turns } = this.#thread;
    if (!opening.isKnown) await server.pause(MESSAGE_LAG_MS);
    if (turns.owners.knowsBeginning(turnId)) return;
    const listed = await recentTurns(id, (method, params) => server.request(method, params));
    const turn = listed.find((one) => one.id === turnId);
    if (turn) turns.owners.learn(turn);
  }

  #see(goal: ThreadGoal | null): void {
    if (goal?.status !== "active") this.#over.resolve(goal);
  }

  #missed(): void {
    if (this.#set === undefined) return;
    this.#hasMissed = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#ask()
      .catch((error) => this.#over.reject(error))
      .finally(() => {
        this.#isAsking = false;
      });
  }

  /** Asks for the goal's state, once this connection is subscribed to later changes. */
  async #ask(): Promise<void> {
    const { id: threadId, server } = this.#thread;
    for (;;) {
      await this.#thread.subscribe();
      const isWhole = this.#thread.subscription.isActive;
      this.#see(goalIn(await server.request("thread/goal/get", { threadId })));
      if (isWhole && this.#thread.subscription.isActive) return;
      await server.pause(NOT_YET_MS);
    }
  }

  async #isActive(): Promise<boolean> {
    const { id: threadId, server } = this.#thread;
    const answer = await server.request("thread/read", { threadId });
    const thread = isRecord(answer) && isRecord(answer.thread) ? answer.thread : {};
    return isRecord(thread.status) && thread.status.type === "active";
  }

  async #addMissed(): Promise<void> {
    const { id, server, turns } = this.#thread;
    const since = this.#set?.updatedAt ?? 0;
    const begins = ({ startedAt }: { readonly startedAt?: number | null }) => startedAt ?? 0;
    const read = () =>
      recentTurns(
        id,
        (method, params) => server.request(method, params),
        (some) => some.some((turn) => begins(turn) < since),
      );
    let listed = await read();
    // The running turn might not be stored yet.
    while (!listed.some(({ status }) => status === "inProgress") && (await this.#isActive())) {
      await server.pause(NOT_YET_MS);
      listed = await read();
    }
    const seen = new Map(this.#turns.map((record) => [record.turnId, record]));
    for (const turn of listed) if (!turns.owners.knowsBeginning(turn.id)) turns.owners.learn(turn);
    const ids = listed
      .filter((turn) => begins(turn) >= since && this.#isOfGoal({ turnId: turn.id }))
      .map((turn) => turn.id)
      .toReversed();
    const unseen = ids.filter((turnId) => !seen.has(turnId));
    for (const turnId of unseen) seen.set(turnId, turns.follow(turnId));
    const connection = server.connection();
    if (connection && unseen.length > 0) this.#thread.catchUp(connection);
    const inOrder = ids.flatMap((turnId) => seen.get(turnId) ?? []);
    const others = this.#turns.filter((record) => !inOrder.includes(record));
    this.#turns.splice(0, this.#turns.length, ...others, ...inOrder);
  }
}

/** The goal in an answer or a notification. */
export function goalIn(answer: unknown): ThreadGoal | null {
  return isRecord(answer) && isRecord(answer.goal) ? (answer.goal as unknown as ThreadGoal) : null;
}
