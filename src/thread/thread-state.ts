import { CodexError } from "../errors/errors.ts";
import type { ThreadItem, ThreadResumeResponse, TurnError } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { CallLost } from "../rpc/pending.ts";
import { AnnouncedItems } from "../turn/announced-items.ts";
import { completeTurn, interruptedEnd } from "../turn/complete.ts";
import type { DeltaLine } from "../turn/delta-line.ts";
import type { TurnRecord, TurnRecordEvents } from "../turn/turn-record.ts";
import type { Wakes } from "../turn/wakes.ts";
import { isRecord } from "../util/describe.ts";
import { textOf } from "../util/text-of.ts";
import { askQueue } from "./ask-queue.ts";
import { isStatusKnown } from "./ask-status.ts";
import { askToResume, resumeWhenCertain } from "./ask-to-resume.ts";
import { Backlog } from "./backlog.ts";
import { cameBack } from "./came-back.ts";
import { CatchUp } from "./catch-up.ts";
import type { CatchUpThread } from "./catch-up-thread.ts";
import { selectForSubAgents } from "./environments.ts";
import { Family } from "./family.ts";
import { Handles } from "./handles.ts";
import { childrenIn } from "./kinship.ts";
import { LiveTurns } from "./live-turns.ts";
import { ModelRetryLimit } from "./model-retry-limit.ts";
import { Observers } from "./observers.ts";
import { ShownTurns } from "./shown-turns.ts";
import { Subscription } from "./subscription.ts";
import { type ThreadOpening, ThreadProfile } from "./thread-profile.ts";
import type { CurrentConnection, SendOptions, ThreadServer } from "./thread-server.ts";
import { type StartsOwner, ThreadStarts } from "./thread-starts.ts";
import type { ThreadTools } from "./thread-tools.ts";

/** The parts of the registry that a thread needs. */
export interface ThreadHolder {
  /** Call this when the thread may be idle and unreferenced. */
  settled(thread: ThreadState): void;
  /** Adopts the sub-agents that a turn of the parent may name with this notification. */
  adoptNamed(parent: ThreadState, turnId: string, notification: Notification): void;
  /** Like `adoptNamed`, for a child that may have started while there was no connection. */
  adoptMissed(
    childId: string,
    parent: ThreadState,
    turnId: string,
    connection: CurrentConnection,
  ): void;
  /** Ends the turn on the server as soon as possible. */
  interrupt(thread: ThreadState, record: TurnRecord): void;
  /** Call this when the lines of the thread's next deltas may have a different destination. */
  reroute(): void;
  /** Wakes the readers of all threads together. */
  readonly wakes?: Wakes | undefined;
}

/**
 * Everything that this client knows about one thread. No other object holds a thread's state, and
 * only the methods of this class change it: its handles and tools, its running turns (including
 * those of other clients), which start comes next, and what this connection has missed.
 */
export class ThreadState implements CatchUpThread, StartsOwner, TurnRecordEvents {
  readonly id: string;
  readonly server: ThreadServer;
  readonly #holder: ThreadHolder;
  /** The unfinished turns of this client and of others. */
  readonly turns: LiveTurns;
  /** Decides who may start the next turn. */
  readonly starts: ThreadStarts;
  readonly #retryLimit: ModelRetryLimit | undefined;
  /** The thread's sub-agents and its parent. */
  readonly family: Family<ThreadState> = new Family<ThreadState>(this);
  /** The properties of the thread that don't depend on a turn. */
  readonly profile: ThreadProfile = new ThreadProfile();
  /** The listeners for every turn. */
  readonly shown: ShownTurns;
  /** The observers of everything that arrives. */
  readonly observers: Observers = new Observers({
    ofParent: () => this.family.parent?.observers,
    onChanged: () => this.#holder.reroute(),
  });
  /** The references to the thread. */
  readonly handles: Handles = new Handles(() => this.starts.update());
  readonly subscription: Subscription = new Subscription();
  readonly #backlog = new Backlog((turnId, held) => this.#acceptForTurn(turnId, held));

  constructor(id: string, server: ThreadServer, holder: ThreadHolder) {
    this.id = id;
    this.server = server;
    this.#holder = holder;
    this.turns = new LiveTurns(id, this, holder.wakes);
    this.shown = new ShownTurns(this.turns);
    this.starts = new ThreadStarts(this);
    this.#retryLimit = server.modelRetryMs > 0 ? new ModelRetryLimit(server, this) : undefined;
  }

  // — References to the thread

  /** Whether it has running, starting or waiting turns, or its children may start turns. */
  get isAtWork(): boolean {
    return this.starts.isAtWork || [...this.family.children].some((child) => child.isAtWork);
  }

  /** The tools of this thread, or of its parent. */
  get tools(): ThreadTools | undefined {
    return this.profile.tools ?? this.family.parent?.tools;
  }

  // — Responses, applied in wire order

  /** Applies the answer to the request with this id, which started, resumed or forked the thread on this connection. */
  opened(answer: unknown, requestId: number, opening: ThreadOpening = {}): void {
    const thread = isRecord(answer) ? answer.thread : undefined;
    if (opening.isEmpty) this.shown.newest ??= null;
    const { isActive, isLoaded, hadLeft } = this.subscription.begin(requestId);
    this.profile.opened(answer, opening, isLoaded);
    if (!isActive || hadLeft) this.observers.tell((observer) => observer.missed(this.id));
    if (this.starts.reopen({ isClear: isRecord(thread) })) this.queueChanged();
    this.inform(thread);
    this.observers.tell((observer) => observer.subscribed(this.id));
    if (hadLeft) cameBack(this);
  }

  /** Applies what the server reports about the thread in any response. */
  inform(thread: unknown): void {
    if (!isRecord(thread)) return;
    this.profile.inform(thread);
    if (isRecord(thread.status)) this.#report(thread.status.type, true);
  }

  /** Notes that the server no longer sends notifications of this thread, because the client unsubscribed. */
  unsubscribed(reason: Error): void {
    this.subscription.end();
    this.shown.missed();
    this.refuse(reason);
  }

  /** Ends all live turns and all starts with this error, and admits no more until the thread is resumed. */
  refuse(reason: Error): void {
    this.starts.refuse(reason);
    this.#backlog.clear();
    this.turns.failAll(reason);
    this.observers.tell((observer) => observer.refused?.(this.id, reason));
    this.starts.update();
  }

  /** Notes that the server's own queue has changed: an idle thread may start its next submission at any moment. */
  queueChanged(): void {
    if (this.starts.queueChanged()) askQueue(this).catch(() => {});
  }

  /** Returns the record of a turn that a request of this program has started. */
  claim(turnId: string, clientMessageId?: string): TurnRecord {
    const record = this.turns.claim(turnId, clientMessageId);
    if (this.starts.refusal) record.fail(this.starts.refusal);
    else this.shown.show(record);
    return record;
  }

  // — Subscription

  /** Subscribes this connection to the thread's turns before a start, if it isn't subscribed: `thread/resume`. */
  async subscribe(signal?: AbortSignal): Promise<void> {
    const ask = (method: string, params: object, onResult?: SendOptions["onResult"]) =>
      this.server.request(method, params, { onResult, signal });
    if (!this.subscription.isActive) await resumeWhenCertain(this, ask, signal);
    await selectForSubAgents(this, ask);
  }

  // — Notifications

  /** Takes a notification about this thread; `turnId` if it names a turn. */
  accept(notification: Notification, turnId: string | undefined): void {
    this.observers.tell((observer) => observer.notified(notification));
    const params = notification.params as Readonly<Record<string, unknown>>;
    this.profile.accept(notification.method, params);
    switch (notification.method) {
      case "thread/status/changed":
        if (isRecord(params.status)) this.#report(params.status.type, false);
        return;
      case "thread/goal/updated":
      case "thread/goal/cleared":
        this.turns.owners.sawGoal(params.goal, turnId);
        this.settled();
        break;
      case "thread/queue/changed":
        this.queueChanged();
        return;
      case "thread/closed":
      case "thread/archived":
      case "thread/deleted":
        this.turns.owners.sawGoal(undefined, undefined);
        this.subscription.end();
        for (const one of [...this.turns]) this.#acceptForTurn(one.turnId, interruptedEnd(one));
        return;
    }
    if (turnId === undefined) return;
    this.subscription.heard();
    this.#acceptForTurn(turnId, notification);
  }

  /** Takes an unparsed delta; returns false if its notification is needed. */
  acceptLine(line: DeltaLine): boolean {
    if (this.#backlog.isHolding || this.observers.hasAny) return false;
    return this.turns.get(line.part.params.turnId)?.acceptLine(line) ?? false;
  }

  /** A turn's items as announced, including those in notifications that are held back. */
  announcedIn(turnId: string): AnnouncedItems {
    const announced = this.turns.get(turnId)?.announced ?? new AnnouncedItems();
    return announced.after(this.#backlog.of(turnId));
  }

  // — Connections

  /** Notes that there is a new connection, so what is known about the thread's activity is out of date. */
  connectionReplaced(connection: CurrentConnection): void {
    this.subscription.connectionReplaced();
    this.observers.tell((observer) => observer.missed(this.id));
    if (this.starts.refusal) return;
    const atWork = this.isAtWork;
    // A start whose outcome isn't known yet may have started one of the turns.
    const { isStarting } = this.starts;
    this.#backlog.abandon((turnId) => isStarting || this.turns.get(turnId)?.isAwaited === true);
    this.turns.missed();
    this.shown.missed();
    this.starts.connectionLost(new CallLost(new CodexError("the connection was lost"), true));
    if (atWork || this.turns.areShown) this.catchUp(connection);
  }

  /**
   * Fetches the missed parts of the live turns; notifications that arrive in the meantime are
   * delivered afterwards.
   */
  catchUp(connection: CurrentConnection): void {
    this.#fetch(() => new CatchUp(this, this.server, connection).resume());
  }

  heldOf(turnId: string): readonly Notification[] {
    return this.#backlog.of(turnId).filter(({ method }) => method !== "turn/completed");
  }

  get isCatchingUp(): boolean {
    return this.#backlog.isHolding;
  }

  async resumeOn(connection: CurrentConnection): Promise<ThreadResumeResponse | undefined> {
    return askToResume(this, (...asked) => connection.ask(...asked));
  }

  adoptMissed(turnId: string, items: readonly ThreadItem[], connection: CurrentConnection): void {
    for (const id of childrenIn(items)) this.#holder.adoptMissed(id, this, turnId, connection);
  }

  stopIfStopped(record: TurnRecord, rootTurnId: unknown): void {
    const isStopped = this.family.beginsForStopped(record.turnId, rootTurnId);
    if (isStopped && !record.isOwn && !this.starts.isStarting) this.#holder.interrupt(this, record);
  }

  // — What the thread's starts and turn records report

  askWhetherActive(): Promise<boolean> {
    return isStatusKnown(this, this.isCatchingUp ? undefined : this.server.connection());
  }

  startFinished(): void {
    this.turns.forgetCandidates();
    this.#deliver();
  }

  settled(): void {
    this.#holder.settled(this);
  }

  learned(): void {
    this.family.recheck();
  }

  ended(record: TurnRecord): void {
    this.turns.ended(record);
    this.family.ended(record.turnId);
    this.#retryLimit?.stop(record);
    this.starts.update();
  }

  retrying(record: TurnRecord, error: TurnError | undefined): void {
    this.#retryLimit?.follow(record, error, () => this.#holder.interrupt(this, record));
  }

  #report(type: unknown, asked: boolean): void {
    if (typeof type !== "string") return;
    if (type === "notLoaded") {
      this.subscription.end();
      this.turns.owners.goal.unloaded();
    }
    this.starts.report(type, asked);
  }

  #acceptForTurn(turnId: string, notification: Notification): void {
    const { method, params } = notification;
    // Each token usage replaces the earlier one, so its order doesn't matter.
    if (this.#backlog.isHolding && method !== "thread/tokenUsage/updated") {
      // Sub-agents are adopted immediately, because their requests and notifications aren't held back.
      this.#holder.adoptNamed(this, turnId, notification);
      this.#backlog.push(turnId, notification);
      return;
    }
    if (method === "turn/completed") this.starts.sawEnd(isInterrupted(params));
    const record = this.turns.see(turnId, method, { mayBeOurs: this.starts.isStarting });
    if (record === undefined) {
      this.starts.update();
      return;
    }
    if (method === "turn/started") this.#begins(record, params);
    // For a review, the server also announces a second turn, which never gets an item or an end.
    else this.shown.show(record);
    this.#holder.adoptNamed(this, turnId, notification);
    this.turns.merged.see(record, notification, this);
    if (method !== "turn/completed") {
      record.accept(notification);
      return;
    }
    if (record.isAwaited && record.hasGap) this.#settle(record, notification);
    else completeTurn(record, notification);
    // The second turn of a review never completes.
    const connection = this.server.connection();
    if (!this.starts.isActive && this.turns.dropForeign() && connection) this.catchUp(connection);
  }

  #begins(record: TurnRecord, params: unknown): void {
    const { rootTurnId } = isRecord(params) && isRecord(params.turn) ? params.turn : {};
    // The second turn of a review, which never ends, names the first one as its root.
    const isOfReview = rootTurnId !== record.turnId && this.turns.get(textOf(rootTurnId));
    this.starts.sawStart(record, { mayBeAwaited: !isOfReview });
    this.stopIfStopped(record, rootTurnId);
  }

  /** Holds back the end of the turn until its missed part has been fetched, by the next connection if there is none. */
  #settle(record: TurnRecord, end: Notification): void {
    record.settle();
    const connection = this.server.connection();
    if (!connection) return;
    this.#fetch(() => new CatchUp(this, this.server, connection).settle(record, end));
  }

  #deliver(): void {
    this.#backlog.deliver();
    this.learned();
  }

  /** Runs `work`. No turn starts until it has ended: what it fetches may show that the thread is active. */
  #fetch(work: () => Promise<void>): void {
    this.#holder.reroute();
    void this.starts.whileAsking(() =>
      this.#backlog.fetch(work, () => {
        // A start whose outcome isn't known yet must settle first.
        if (!this.starts.isStarting) this.#deliver();
      }),
    );
  }
}

function isInterrupted(params: unknown): boolean {
  return isRecord(params) && isRecord(params.turn) && params.turn.status === "interrupted";
}
