import { isRecord } from "../util/describe.ts";
import { keepNewest } from "../util/keep-newest.ts";
import type { NoticeEntry } from "./entries.ts";
import { errorView } from "./errors.ts";
import { type Foreign, numberOrNull, recordOf, records, text, textOrNull } from "./foreign.ts";
import { startedAgents } from "./item-entry.ts";
import type { StreamMethod } from "./item-model.ts";
import { asSeen } from "./listed-items.ts";
import { Note } from "./note.ts";
import { noted, retry, warning } from "./notices.ts";
import { sharedList, sharedView } from "./sharing.ts";
import { ThreadRecord } from "./thread-record.ts";
import { TurnModel } from "./turn-model.ts";
import type { ThreadView, TurnView } from "./views.ts";

const MAX_NOTICES = 100;
/** More turns than ever run at once. */
const MAX_RUNNING = 100;

interface OrderedTurn {
  readonly turn: TurnModel;
  /** Turns that are shown as parts of this one. */
  readonly parts: readonly TurnModel[];
}

/** The turns of one thread, excluding its sub-agents. */
export class ThreadModel {
  readonly record: ThreadRecord;
  /** Called when a sub-agent was named, for the first time or again. */
  readonly #named: (threadId: string, path: string | null) => void;
  readonly #turns = new Map<string, TurnModel>();
  /** The newest turns that haven't ended. */
  readonly #running = new Set<TurnModel>();
  readonly #notices = new Map<string, Note>();
  /** The sorted turns, cached until there is a new one or the time of one becomes known. */
  #order: readonly OrderedTurn[] | undefined;
  /** The turns that were known when notifications were last lost. */
  #knownBefore: readonly TurnModel[] = [];
  /** The turn of the last notification. */
  #last: TurnModel | undefined;
  #count = 0;
  #view: ThreadView | undefined;

  constructor(threadId: string, named: (threadId: string, path: string | null) => void) {
    this.record = new ThreadRecord(threadId);
    this.#named = named;
  }

  apply(method: string, params: Foreign, at: number | null): void {
    switch (method) {
      case "item/agentMessage/delta":
      case "item/plan/delta":
      case "item/commandExecution/outputDelta":
        this.#append(method, params, 0);
        return;
      case "item/reasoning/summaryTextDelta":
        this.#append(method, params, params.summaryIndex);
        return;
      case "item/reasoning/textDelta":
        this.#append(method, params, params.contentIndex);
        return;
      case "turn/started":
      case "turn/completed":
        this.#applyTurn(method, recordOf(params.turn));
        return;
      case "warning":
      case "guardianWarning":
        this.#warn(method, params, at);
        return;
    }
    if (this.record.notified(method, params)) return;
    if (method === "thread/tokenUsage/updated") {
      this.#countUsage(params);
      return;
    }
    const turn = this.#turn(params.turnId);
    if (turn) this.#applyToTurn(turn, method, params, at);
  }

  /** Merges turns from the history. */
  merge(turns: readonly unknown[]): void {
    for (const turn of records(turns)) {
      const model = this.#turn(turn.id);
      if (!model) continue;
      const items = asSeen(records(turn.items), model.items);
      const isOver = turn.status !== "inProgress";
      for (const item of items) {
        this.#name(item);
        if (item.status === "inProgress") model.startItem(item, null);
        else model.mergeItem(item, { isOver });
      }
      this.#inform(model, turn);
      if (turn.itemsView !== undefined && turn.itemsView !== "full") continue;
      model.arrange(items.map(({ id }) => text(id)));
      // If the history lacks the turn's end, it may lack other parts of the turn too.
      if (model.isAsIn(turn)) model.hasGap = false;
      this.#endRoot(model, turn);
    }
  }

  /** Ends a review whose server has died. The history then lists only the review's second turn, without an end. */
  #endRoot(part: TurnModel, turn: Foreign): void {
    const root = this.#rootOf(part);
    const hasDied = turn.status === "interrupted" && numberOrNull(turn.completedAt) === null;
    if (!root || root.isOver || !hasDied || this.record.facts.status === "active") return;
    this.#inform(root, { ...turn, rootTurnId: root.id });
    root.hasGap = false;
  }

  /** Notes that notifications may have been lost. */
  miss(): void {
    this.#knownBefore = [...this.#turns.values()];
    for (const turn of this.#knownBefore) turn.miss();
  }

  /**
   * Applies what the server reports about the thread. If it shows that the history was truncated
   * while notifications were lost, the turns from before are removed, and this returns true.
   */
  inform(thread: Foreign): boolean {
    this.record.inform(thread);
    const isTruncated = this.record.changesHistory(thread) && this.#knownBefore.length > 0;
    if (isTruncated) this.#remove(this.#knownBefore);
    return isTruncated;
  }

  clear(): void {
    this.record.truncated();
    this.#remove([...this.#turns.values()]);
  }

  #remove(turns: readonly TurnModel[]): void {
    for (const turn of turns) {
      if (this.#turns.get(turn.id) === turn) this.#turns.delete(turn.id);
      this.#running.delete(turn);
    }
    this.#knownBefore = [];
    this.#last = undefined;
    this.#order = undefined;
    this.#view = undefined;
  }

  /** The ids of turns with lost parts, which the history may now contain. */
  get gaps(): readonly string[] {
    const turns = [...this.#turns.values()].filter((turn) => turn.hasGap && !this.#rootOf(turn));
    return turns.map(({ id }) => id);
  }

  get turnIds(): readonly string[] {
    return [...this.#turns.keys()];
  }

  /** The same object until something has changed. */
  view(agents: readonly ThreadView[]): ThreadView {
    const last = this.#view;
    const notices = [...this.#notices.values()].map((note) => note.view(false) as NoticeEntry);
    const view: ThreadView = {
      ...this.record.facts,
      turns: sharedList(last?.turns, this.#turnViews()),
      notices: sharedList(last?.notices, notices),
      agents: sharedList(last?.agents, agents),
    };
    this.#view = sharedView(last, view, ["turns", "notices", "agents"]);
    return this.#view;
  }

  #turnViews(): TurnView[] {
    this.#order ??= this.#ordered();
    return this.#order.map(({ turn, parts }) => turn.view(parts));
  }

  #ordered(): readonly OrderedTurn[] {
    const parts = new Map<TurnModel, TurnModel[]>();
    const roots: TurnModel[] = [];
    for (const turn of this.#turns.values()) {
      const root = this.#rootOf(turn);
      const known = root && parts.get(root);
      if (known) known.push(turn);
      else if (root) parts.set(root, [turn]);
      else roots.push(turn);
    }
    return roots.sort(byStart).map((turn) => ({ turn, parts: parts.get(turn) ?? [] }));
  }

  /** The turn that this one is shown as part of: a review has a second turn id. */
  #rootOf({ id, rootId }: TurnModel): TurnModel | undefined {
    const root = rootId === undefined || rootId === id ? undefined : this.#turns.get(rootId);
    return root?.rootId === undefined || root.rootId === root.id ? root : undefined;
  }

  #applyTurn(method: string, turn: Foreign): void {
    const model = this.#turn(turn.id);
    if (!model) return;
    if (method === "turn/started") model.seenToStart();
    for (const item of records(turn.items)) {
      if (method === "turn/completed") model.completeItem(item, null);
    }
    this.#inform(model, turn);
  }

  #inform(model: TurnModel, turn: Foreign): void {
    model.inform(turn);
    if (model.isOver) this.#running.delete(model);
    this.#order = undefined;
  }

  #applyToTurn(turn: TurnModel, method: string, params: Foreign, at: number | null): void {
    switch (method) {
      case "item/started":
      case "item/completed":
        this.#applyItem(turn, method, recordOf(params.item), params);
        return;
      case "item/fileChange/patchUpdated":
        turn.updateItem(text(params.itemId), { changes: params.changes });
        return;
      case "item/mcpToolCall/progress":
        turn.progress(text(params.itemId), text(params.message));
        return;
      case "turn/diff/updated":
        turn.diff = text(params.diff);
        return;
      case "error":
        this.#applyError(turn, params, at);
        return;
    }
    const note = noted(method, params, at);
    if (note) turn.note(`${turn.id}:${note.key}`, note.content);
  }

  /**
   * Counts a turn's usage. The server repeats the last usage at each resume, with the id of a turn
   * that is over, or that never began.
   */
  #countUsage({ turnId, tokenUsage }: Foreign): void {
    const usage = this.record.countUsage(recordOf(tokenUsage));
    if (usage) this.#turns.get(text(turnId))?.countUsage(usage.total, usage.last);
  }

  #applyItem(turn: TurnModel, method: string, item: Foreign, params: Foreign): void {
    this.#name(item);
    if (method === "item/started") turn.startItem(item, numberOrNull(params.startedAtMs));
    else turn.endItem(item, numberOrNull(params.completedAtMs));
  }

  #applyError(turn: TurnModel, params: Foreign, at: number | null): void {
    const again = params.willRetry === true ? retry(params, at) : undefined;
    const error = errorView(params.error);
    if (again) turn.retry(again);
    else if (error && !turn.isOver) turn.fail(error);
  }

  #append(method: StreamMethod, { turnId, itemId, delta }: Foreign, index: unknown): void {
    if (typeof itemId !== "string" || typeof delta !== "string") return;
    this.#turn(turnId)?.append(method, itemId, delta, index);
  }

  /** Adds a warning to the running turn, or to the thread. */
  #warn(method: string, params: Foreign, at: number | null): void {
    const note = warning(method, params, at);
    if (!note) return;
    const running = [...this.#running].findLast((turn) => !this.#rootOf(turn));
    if (running) {
      running.note(`${running.id}:${note.key}`, note.content);
      return;
    }
    if (!this.#notices.has(note.key)) {
      this.#notices.set(note.key, new Note(note.key, note.content, this.#count++));
    }
    for (const oldest of this.#notices.keys()) {
      if (this.#notices.size <= MAX_NOTICES) break;
      this.#notices.delete(oldest);
    }
  }

  #name(item: unknown): void {
    if (!isRecord(item)) return;
    for (const id of startedAgents(item)) this.#named(id, textOrNull(item.agentPath));
  }

  /** The turn with this id, which is created if it isn't known. */
  #turn(id: unknown): TurnModel | undefined {
    if (typeof id !== "string" || id === "") return undefined;
    if (this.#last?.id === id) return this.#last;
    let turn = this.#turns.get(id);
    if (!turn) {
      turn = new TurnModel(id);
      this.#turns.set(id, turn);
      this.#running.add(turn);
      keepNewest(this.#running, MAX_RUNNING);
      this.#order = undefined;
    }
    this.#last = turn;
    return turn;
  }
}

const TIME_ORDERED = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;

/** Compares turns by their start, then by id, because the server's times are whole seconds. */
function byStart(one: TurnModel, other: TurnModel): number {
  const [start, otherStart] = [one.startedAt ?? Infinity, other.startedAt ?? Infinity];
  if (start !== otherStart) return start < otherStart ? -1 : 1;
  if (!TIME_ORDERED.test(one.id) || !TIME_ORDERED.test(other.id)) return 0;
  return one.id < other.id ? -1 : 1;
}
