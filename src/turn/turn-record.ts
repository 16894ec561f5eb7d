import type { ErrorNotification, ThreadItem, TurnError } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { AnnouncedItems } from "./announced-items.ts";
import type { DeltaLine } from "./delta-line.ts";
import { EventLog } from "./event-log.ts";
import { TurnFold, type TurnState } from "./fold.ts";
import { GapFiller } from "./gap.ts";
import { LineOutlet } from "./line-outlet.ts";
import type { LogReader } from "./log-reader.ts";
import { ObservedTurn } from "./observed-turn.ts";
import { endsBeside, isRepeated, itemIdOf, mayBeEarlier, reusesItemId } from "./repeats.ts";
import { retainFromStart } from "./retain.ts";
import { textPicker } from "./text-deltas.ts";
import { TurnOpening } from "./turn-opening.ts";
import type { Wakes } from "./wakes.ts";

/**
 * The state of a turn on the server. `settling`: the server has ended it, and the part that this
 * client has missed is being fetched.
 */
export type TurnPhase = "starting" | "running" | "settling" | "ended";

/** The reports of a record to its owner, the thread. None of these functions may throw. */
export interface TurnRecordEvents {
  /** Called once, when the record has ended for any reason. */
  ended(record: TurnRecord): void;
  /** Called when more is known about how the turn began. */
  learned(): void;
  /** Called with the error while the server is trying to reach the model again; with undefined once it has succeeded. */
  retrying(record: TurnRecord, error: TurnError | undefined): void;
}

/** A turn as this client knows it: its notifications, for readers, and how it ended. */
export class TurnRecord {
  readonly threadId: string;
  readonly turnId: string;
  /** While it is open, it receives the turn's lines of deltas instead of the record. */
  readonly outlet: LineOutlet = new LineOutlet();
  /** The turn's items, for server requests. */
  readonly announced: AnnouncedItems = new AnnouncedItems();
  readonly #events: TurnRecordEvents;
  readonly #log: EventLog;
  readonly #fold: TurnFold;
  readonly #started: Deferred<void> = deferred();
  readonly #ending: Deferred<void> = deferred();
  readonly #outcome: Deferred<TurnState> = deferred();
  readonly opening: TurnOpening = new TurnOpening();
  readonly #observed: ObservedTurn;
  #phase: TurnPhase = "starting";
  #isOwn = false;
  #isAwaited = false;
  #clientMessageId: string | undefined;
  /** The turn's `turn/started`. */
  #start: Notification | undefined;
  #hasOutcome = false;
  #isGivenUp = false;
  #gap: GapFiller | undefined;
  #lacksUsage = false;
  #silence = 0;
  #retryError: TurnError | undefined;

  /**
   * With `retain`, notifications are kept for later readers; `wakes` wakes the readers of several
   * turns together.
   */
  constructor(
    threadId: string,
    turnId: string,
    events: TurnRecordEvents,
    options: { retain: boolean; wakes?: Wakes | undefined },
  ) {
    this.threadId = threadId;
    this.turnId = turnId;
    this.#events = events;
    this.#observed = new ObservedTurn(threadId, turnId);
    this.#log = new EventLog(options);
    this.#fold = new TurnFold(this.#log);
  }

  get phase(): TurnPhase {
    return this.#phase;
  }

  /** Whether this program has started the turn. */
  get isOwn(): boolean {
    return this.#isOwn;
  }

  /** Whether something here is waiting for the outcome; if so, the turn is updated after a gap. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** Resolves when the server has started to work on the turn, or the turn has ended. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Resolves when the turn has ended on the server, or nothing more can be learned about it. */
  get ending(): Promise<void> {
    return this.#ending.promise;
  }

  /** Resolves with the turn's outcome; rejects if it can't be known, or with `abandon`'s reason. */
  get outcome(): Promise<TurnState> {
    return this.#outcome.promise;
  }

  /** Whether waiting callers have their answer. */
  get hasOutcome(): boolean {
    return this.#hasOutcome;
  }

  /** The current state of the turn, with the streamed text of uncompleted items. */
  get state(): TurnState {
    return this.#fold.state;
  }

  item(id: string): ThreadItem | undefined {
    return this.#fold.item(id);
  }

  /** All items, as last seen, in the order in which they started. */
  items(): ThreadItem[] {
    return this.#fold.items();
  }

  /** Whether a listed item may be a different item than the open one with the same id. */
  isUnclear(listed: ThreadItem): boolean {
    return mayBeEarlier(listed, this.#fold);
  }

  /** The ids of commands that have started but not ended. */
  openCommands(): string[] {
    return this.#fold.openItems().filter((id) => this.#fold.item(id)?.type === "commandExecution");
  }

  /** Whether the turn's start was seen. */
  get hasStarted(): boolean {
    return this.#start !== undefined;
  }

  /** Why a turn with this beginning doesn't answer the message that it was started with; undefined if it may. */
  unanswered(opening: TurnOpening): string | undefined {
    return opening.contradicts(this.#clientMessageId);
  }

  /** Like `EventLog.soFar`; also undefined if part of the turn may have been missed. */
  soFar(): Iterable<Notification> | undefined {
    return this.hasGap ? undefined : this.#log.soFar();
  }

  read(): LogReader {
    return this.#log.read();
  }

  /** Yields only the text of the agent's messages. */
  readText(): LogReader<string> {
    return this.#log.read(textPicker());
  }

  /** Notes that this client started the turn, with this id for its message. */
  claim(clientMessageId: string | undefined): void {
    this.#isOwn = true;
    this.#clientMessageId ??= clientMessageId;
    this.follow();
  }

  /** Notes that the user has a handle for the turn, no matter who started it. */
  follow(): void {
    this.#isAwaited = true;
    retainFromStart(this, this.#start, this.#fold, this.#log);
    this.#observed.announce(this.#outcome.promise);
  }

  accept(notification: Notification): void {
    this.#silence = 0;
    this.announced.see(notification);
    const known = { fold: this.#fold, hasStarted: this.hasStarted, hasGap: this.hasGap };
    if (reusesItemId(notification, known)) this.#fold.separate(itemIdOf(notification));
    if (isRepeated(notification, known)) return;
    const beside = endsBeside(notification, known);
    this.#followRetries(notification);
    this.#begin(notification);
    // After the outcome the turn has no readers, but approvals and an interrupt still need its items.
    const isRead = !this.#hasOutcome;
    for (const one of (isRead && this.#gap?.fill(notification)) || [notification]) {
      if (beside) this.#fold.completeBeside(beside);
      else this.#fold.apply(one);
      if (isRead) this.#log.append(one);
      this.#observed.publish(one);
    }
    if (notification.method === "thread/tokenUsage/updated") this.#lacksUsage = false;
    if (notification.method === "turn/completed") this.#end();
    else this.#adjustOutlet();
  }

  /** Like `accept` with the line's notification; returns false if only the notification can be accepted. */
  acceptLine(line: DeltaLine): boolean {
    // Once all waiting callers have their answer, lines aren't needed.
    return this.outlet.acceptLine(line) || (this.#takesLines && this.#hasOutcome);
  }

  /** Notes that notifications may have been lost since the last one, including the message that started the turn. */
  cut(): void {
    this.announced.missed();
    this.opening.missed();
  }

  /**
   * Notes that the server is working on the turn, and that notifications may have been lost since the last one.
   * From now on, readers also get what they would otherwise miss.
   */
  missed(): void {
    if (this.#phase === "starting") this.#phase = "running";
    this.#started.resolve();
    this.announced.missed();
    this.#lacksUsage = true;
    if (!this.#hasOutcome) this.#gap = new GapFiller(this.#fold, this.#log);
    this.#adjustOutlet();
  }

  get hasGap(): boolean {
    return this.#gap !== undefined;
  }

  /** Notes that the server has ended the turn, and that the missed part is being fetched. */
  settle(): void {
    if (this.#phase !== "ended") this.#phase = "settling";
    this.#gap?.settle();
    this.#adjustOutlet();
  }

  /** Notes that the connection was lost while the turn was settling: the next connection starts over. */
  unsettle(): void {
    if (this.#phase === "settling") this.#phase = "running";
    this.#adjustOutlet();
  }

  /** Whether the turn's last token usage may have been lost. */
  get lacksUsage(): boolean {
    return this.#lacksUsage;
  }

  /** Sorts the completed items in the server's order; items that it doesn't name come last. */
  arrange(itemIds: readonly string[]): void {
    this.#fold.arrange(itemIds);
  }

  /** The last error that the server reported while trying to reach the model again. */
  get retryError(): TurnError | undefined {
    return this.#retryError;
  }

  /** Counts a silent period. Returns how many there were since the last sign that the server works on the turn. */
  countSilence(): number {
    if (this.outlet.hasFlowed()) this.#silence = 0;
    return ++this.#silence;
  }

  /** Rejects everything waiting for the turn with this reason. On the server the turn continues. */
  abandon(reason: unknown): void {
    if (this.#hasOutcome) return;
    this.#hasOutcome = true;
    this.#adjustOutlet();
    this.#log.end(reason);
    this.#outcome.reject(reason);
  }

  /** Whether this client has abandoned the turn, which may continue on the server. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /**
   * Ends the turn with this error, because nothing more can be learned about it. Waiting callers
   * get the error, after everything that arrived.
   */
  fail(error: Error): void {
    this.abandon(error);
    this.drop();
  }

  /** Drops another program's turn: the thread is idle, so it has ended, or will be seen again when it starts. */
  drop(): void {
    this.#isGivenUp = true;
    this.#end();
  }

  get #takesLines(): boolean {
    return this.#phase === "running" && !this.#gap && !this.#retryError;
  }

  /** Opens or closes the outlet. Must be called whenever the conditions of `#takesLines` may have changed. */
  #adjustOutlet(): void {
    if (this.#takesLines && !this.#hasOutcome) this.outlet.open(this.#log);
    else this.outlet.close();
  }

  #begin(one: Notification): void {
    if (one.method === "turn/started") this.#start = one;
    const { isKnown, isMessage } = this.opening;
    this.opening.see(one.method, one.params);
    const hasLearned = isKnown !== this.opening.isKnown || isMessage !== this.opening.isMessage;
    if (hasLearned) this.#events.learned();
    if (this.#phase !== "starting" || NO_WORK.has(one.method)) return;
    this.#phase = "running";
    this.#started.resolve();
  }

  #end(): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#adjustOutlet();
    this.#started.resolve();
    this.#ending.resolve();
    if (!this.#hasOutcome) {
      this.#hasOutcome = true;
      this.#log.end();
      this.#outcome.resolve(this.#fold.state);
    }
    this.#events.ended(this);
  }

  #followRetries({ method, params }: Notification): void {
    const retry = method === "error" && (params as Partial<ErrorNotification> | null)?.willRetry;
    if (!retry && this.#retryError === undefined) return;
    this.#retryError = retry ? (params as ErrorNotification).error : undefined;
    this.#events.retrying(this, this.#retryError);
  }
}

/** Notifications that don't show that the server works on the turn. */
const NO_WORK: ReadonlySet<string> = new Set(["thread/tokenUsage/updated", "turn/completed"]);
