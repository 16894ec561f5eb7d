import { TurnLostError } from "../errors/errors.ts";
import type { ThreadItem, Turn as WireTurn } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { CallLost } from "../rpc/pending.ts";
import { asSeen, isCounted } from "../timeline/listed-items.ts";
import { completeTurn } from "../turn/complete.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { isRecord, messageOf } from "../util/describe.ts";
import { isNotLoaded } from "./ask-status.ts";
import type { CatchUpThread } from "./catch-up-thread.ts";
import { isEphemeral, isNoAnswer, isUnclear, recentTurns } from "./history.ts";
import { discover, showAllMissed } from "./missed-turns.ts";
import { PatientAsking } from "./patient-asking.ts";
import type { CurrentConnection, ThreadServer } from "./thread-server.ts";

const FIRST_DELAY_MS = 20;
const USAGE_TRIES = 3;
/** How long to wait for the server to store a command that was still running when its turn was interrupted. */
const COMMAND_LAG_MS = 2_000;

/**
 * Fetches the parts of a thread's turns that this client missed, on one connection. A busy or slow server
 * is asked again; a turn is lost only if the server reports that it doesn't know the turn, or never answers.
 * Rejects if the connection is lost: the next connection starts over.
 */
export class CatchUp {
  readonly #thread: CatchUpThread;
  readonly #server: ThreadServer;
  readonly #connection: CurrentConnection;
  /**
   * Whether turns without a stored end may still be running. They can't be if the server's process has been
   * restarted.
   */
  #mayStillRun = true;
  readonly #asking: PatientAsking;

  constructor(thread: CatchUpThread, server: ThreadServer, connection: CurrentConnection) {
    this.#thread = thread;
    this.#server = server;
    this.#connection = connection;
    this.#asking = new PatientAsking(server, thread.profile);
  }

  /** Subscribes again, and updates every live turn. */
  async resume(): Promise<void> {
    await this.#whileAsked(this.#thread.turns.awaited(), async () => {
      // Sent before the thread is resumed, because that loads it. The answer is awaited later, so that the resume
      // isn't delayed. Notifications are missed until then, and older servers don't list commands.
      const isLoaded = this.#isLoaded();
      isLoaded.catch(() => {});
      let unknown: readonly TurnRecord[] = [];
      let hasGoneBack = false;
      const isWhole = await this.#asking.until(async () => {
        // A thread that isn't loaded runs no turn. Loading it would give it settings that it may not have.
        if (!this.#thread.profile.areInDoubt || (await isLoaded))
          await this.#thread.resumeOn(this.#connection);
        this.#mayStillRun = await isLoaded;
        const turns = await this.#recentTurns();
        discover(this.#thread, turns, {
          connection: this.#connection,
          hasEnded: (turn) => this.#hasEnded(turn, turns),
        });
        unknown = await this.#reconcile(turns);
        // Other clients may have started many turns since. Going back once is enough, because a turn that isn't
        // stored yet will be among the newest.
        if (unknown.length > 0 && !hasGoneBack) {
          unknown = await this.#reconcile(await this.#turnsBack(unknown));
          hasGoneBack = true;
        }
        return unknown.length === 0;
      }, this.#thread.turns.unlisted);
      if (!isWhole) {
        this.#mayStillRun = false;
        await this.#asking.once(async () => {
          unknown = await this.#reconcile(await this.#turnsBack(unknown));
          return true;
        });
      }
      this.#lose(unknown, "the server doesn't know it");
    });
  }

  /**
   * Ends the live turns that have ended on the server without this client being notified. Returns
   * those that the server doesn't list as ended. `isLastTime` also ends those whose end was never
   * stored.
   */
  async end(isLastTime: boolean): Promise<TurnRecord[]> {
    this.#mayStillRun = !isLastTime;
    const records = this.#thread.turns.awaited();
    if (records.length === 0) return [];
    const turns = await this.#turnsBack(records);
    const left: TurnRecord[] = [];
    for (const record of records) {
      const turn = turns.find(({ id }) => id === record.turnId);
      if (turn === undefined || !this.#isComplete(record, turn, turns)) left.push(record);
      else await this.#bringUpToDate(record, turn, turns);
    }
    return left.filter(({ phase }) => phase !== "ended");
  }

  /**
   * Fetches the missed parts of a turn before it ends in this client, because a result must be complete or an error.
   */
  async settle(record: TurnRecord, end: Notification): Promise<void> {
    await this.#whileAsked([record], async () => {
      const finish = async (turns: readonly WireTurn[]) => {
        const turn = turns.find(({ id }) => id === record.turnId);
        if (turn === undefined || !this.#isComplete(record, turn, turns)) return false;
        await this.#finish(record, turn, end);
        return true;
      };
      if (await this.#asking.until(async () => finish(await this.#recentTurns()))) return;
      this.#mayStillRun = false;
      const isWhole = await this.#asking.once(async () => finish(await this.#turnsBack([record])));
      if (!isWhole) this.#lose([record], "the server hasn't stored how it ended");
    });
  }

  /**
   * Gives each live turn the parts that the server has stored. Returns those that the server
   * doesn't list, or whose listed state is unclear.
   */
  async #reconcile(turns: readonly WireTurn[]): Promise<TurnRecord[]> {
    const unknown: TurnRecord[] = [];
    for (const record of this.#thread.turns.awaited()) {
      if (record.phase === "ended") continue;
      const turn = this.#listed(record, turns);
      if (turn) {
        await this.#bringUpToDate(record, turn, turns);
        if (turn.status !== "inProgress" && !this.#isComplete(record, turn, turns))
          unknown.push(record);
      } else if (partOf(record, turns)?.status === "inProgress") missMore(record);
      else unknown.push(record);
    }
    return unknown;
  }

  /** The turn in the server's list. If the server died during a review, it lists only the review's second turn. */
  #listed(record: TurnRecord, turns: readonly WireTurn[]): WireTurn | undefined {
    const turn = turns.find(({ id }) => id === record.turnId);
    const part = turn ? undefined : partOf(record, turns);
    return part && !this.#mayStillRun ? { ...part, id: record.turnId } : turn;
  }

  /** `turns` is the list, newest first. A turn whose end isn't stored has ended if a later one has begun. */
  #hasEnded(turn: WireTurn, turns: readonly WireTurn[]): boolean {
    if (turn.status === "inProgress") return false;
    const isLast = turns[0]?.id === turn.id || turns[0]?.rootTurnId === turn.id;
    return !(this.#mayStillRun && isLast && isUnclear(turn));
  }

  /**
   * Whether the turn has ended, and all of it is stored. The server stores a command that was running when the turn
   * was interrupted only when the command has ended too.
   */
  #isComplete(record: TurnRecord, turn: WireTurn, turns: readonly WireTurn[]): boolean {
    if (!this.#hasEnded(turn, turns)) return false;
    const { status, items = [] } = turn;
    const mayLack = this.#mayStillRun && status !== "completed" && !items.some(isCounted);
    if (!mayLack || this.#asking.waitedMs >= COMMAND_LAG_MS) return true;
    const { unseenCommands } = record.announced.after(this.#thread.heldOf(record.turnId));
    return [...unseenCommands].every((itemId) => items.some(({ id }) => id === itemId));
  }

  /**
   * Whether the server's process already has the thread in memory, and may therefore be running its
   * turns.
   */
  async #isLoaded(): Promise<boolean> {
    const { turns, profile } = this.#thread;
    if (turns.awaited().length === 0 && !turns.areShown && !profile.areInDoubt) return true;
    try {
      const answer = await this.#connection.ask("thread/read", { threadId: this.#thread.id });
      const thread = isRecord(answer) && isRecord(answer.thread) ? answer.thread : {};
      return !(isRecord(thread.status) && thread.status.type === "notLoaded");
    } catch (error) {
      if (isNoAnswer(error)) return !isNotLoaded(error);
      throw error;
    }
  }

  async #bringUpToDate(
    record: TurnRecord,
    turn: WireTurn,
    turns: readonly WireTurn[],
  ): Promise<void> {
    const { threadId, turnId } = record;
    this.#thread.turns.owners.learn(turn);
    record.missed();
    record.unsettle();
    const begun = { ...turn, items: [], status: "inProgress", completedAt: null };
    record.accept({ method: "turn/started", params: { threadId, turnId, turn: begun } });
    if (this.#isComplete(record, turn, turns)) {
      const params = { threadId, turn: { ...turn, items: [] } };
      await this.#finish(record, turn, { method: "turn/completed", params });
      return;
    }
    // Counted items, and items with a reused id, are added when the turn ends. Until then, the client can't tell
    // which of them will still arrive: see `#finish`.
    const listed = asSeen(turn.items ?? [], record.items());
    giveItems(
      record,
      listed.filter((item) => !isCounted(item) && !record.isUnclear(item)),
    );
    this.#thread.adoptMissed(record.turnId, listed, this.#connection);
  }

  /** Ends a turn whose end the server has stored: everything before it is complete. */
  async #finish(record: TurnRecord, turn: WireTurn, end: Notification): Promise<void> {
    const items = asSeen(turn.items ?? [], record.items());
    giveItems(record, items);
    this.#thread.adoptMissed(record.turnId, items, this.#connection);
    record.arrange(items.map(({ id }) => id));
    await this.#fetchUsage(record);
    // The server doesn't list items that were cut off, so the notifications that were held back are the only
    // information about them.
    if (turn.status !== "completed" && !items.some(isCounted)) {
      for (const held of this.#thread.heldOf(record.turnId)) record.accept(held);
    }
    completeTurn(record, end, items);
  }

  /**
   * Lists the newest turns. Returns none if they aren't needed: nothing waits for a turn or listens to every turn,
   * and no sub-agents can have been missed.
   */
  async #recentTurns(): Promise<WireTurn[]> {
    const { family, profile, starts, turns } = this.#thread;
    const mayHaveSpawned = turns.size > 0 || starts.isActive || family.parent !== undefined;
    const isNeeded =
      turns.awaited().length > 0 || ((mayHaveSpawned || turns.areShown) && !profile.isEphemeral);
    if (!isNeeded) return [];
    return this.#list(turns.areShown ? (listed) => showAllMissed(this.#thread, listed) : undefined);
  }

  /** Lists the newest turns, back to the oldest of these records. */
  #turnsBack(records: readonly TurnRecord[]): Promise<WireTurn[]> {
    return this.#list((turns) =>
      records.every(({ turnId }) => turns.some(({ id }) => id === turnId)),
    );
  }

  #list(isEnough?: (turns: readonly WireTurn[]) => boolean): Promise<WireTurn[]> {
    const ask = (method: string, params: object) => this.#connection.ask(method, params);
    return recentTurns(this.#thread.id, ask, isEnough);
  }

  /**
   * Fetches the turn's token usage. The server repeats the thread's last usage when the thread is resumed with all
   * its turns, sometimes just after the answer. The answer to a second request shows that the usage has arrived.
   */
  async #fetchUsage(record: TurnRecord): Promise<void> {
    const { id: threadId, profile } = this.#thread;
    const inform = (result: unknown) =>
      this.#thread.inform(isRecord(result) ? result.thread : undefined);
    // This would load a thread that isn't loaded.
    if (profile.areInDoubt) return;
    for (let tries = 0; record.lacksUsage && tries < USAGE_TRIES; tries++) {
      // The pause rejects if the user has stopped retries.
      if (tries > 0 && !(await waited(this.#server.pause(FIRST_DELAY_MS)))) return;
      try {
        await this.#connection.ask("thread/resume", { threadId }, inform);
        await this.#connection.ask("thread/read", { threadId }, inform);
      } catch (error) {
        // A result without usage is still complete.
        if (!isNoAnswer(error)) throw error;
        return;
      }
    }
  }

  /**
   * Does `work`, which asks about these turns. If the server refuses to report on them, they end
   * with its reason. A lost connection isn't a refusal.
   */
  async #whileAsked(records: readonly TurnRecord[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof CallLost || this.#connection.isLost) throw error;
      const why =
        isEphemeral(error) || this.#thread.profile.isEphemeral
          ? "the connection was lost, and an ephemeral thread has no history to continue from"
          : messageOf(error);
      this.#lose(records, why, error);
    }
  }

  #lose(records: readonly TurnRecord[], why: string, cause?: unknown): void {
    this.#thread.turns.unlisted.ms = 0;
    for (const record of records) {
      if (record.phase === "ended") continue;
      if (cause !== undefined && record.phase !== "settling") this.#thread.starts.believeActive();
      record.fail(new TurnLostError(record, why, cause === undefined ? undefined : { cause }));
    }
  }
}

/**
 * The second turn of this review. The server lists the review itself only when it has ended.
 */
function partOf({ turnId }: TurnRecord, turns: readonly WireTurn[]): WireTurn | undefined {
  return turns.find(({ rootTurnId }) => rootTurnId === turnId);
}

/** Notes that parts of the turn were missed. They are fetched when it ends. */
function missMore(record: TurnRecord): void {
  record.missed();
  record.unsettle();
}

function giveItems(record: TurnRecord, items: readonly ThreadItem[]): void {
  const { threadId, turnId } = record;
  for (const item of items) {
    if ("status" in item && item.status === "inProgress") continue;
    const { startedAtMs, completedAtMs } = item as { startedAtMs?: number; completedAtMs?: number };
    record.accept({ method: "item/started", params: { threadId, turnId, item, startedAtMs } });
    record.accept({ method: "item/completed", params: { threadId, turnId, item, completedAtMs } });
  }
}

function waited(pause: Promise<void>): Promise<boolean> {
  return pause.then(
    () => true,
    () => false,
  );
}
