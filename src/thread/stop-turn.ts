import { CodexError, RequestTimeoutError, TransportClosedError } from "../errors/errors.ts";
import { JsonRpcError } from "../errors/rpc-errors.ts";
import type {
  ThreadBackgroundTerminal,
  TurnInterruptResponse,
  TurnSteerResponse,
  UserInput,
} from "../protocol/index.ts";
import { completeTurn, interruptedEnd } from "../turn/complete.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { givenUp } from "../turn/unfinished-errors.ts";
import { delay, onAbort, orAborted } from "../util/abort.ts";
import { deadline } from "../util/deadline.ts";
import { checkedMs } from "../util/timer.ts";
import { isNotLoaded } from "./ask-status.ts";
import { dataOf } from "./data-of.ts";
import { isUnavailable, recentTurns } from "./history.ts";
import type { RequestOptions } from "./thread-server.ts";
import type { ThreadState } from "./thread-state.ts";

/** How much is read of the server's message about a turn that isn't the active one. */
const MAX_READ_CHARS = 1_000;

export interface InterruptOptions extends RequestOptions {
  /**
   * How long the server can take to end the turn. After that the turn ends in this client as
   * interrupted, with what has arrived. If the server didn't answer at all and the `restart` option
   * allows it, the client restarts the server. In milliseconds; default: no limit.
   */
  readonly deadlineMs?: number | undefined;
}

/**
 * Interrupts the turn as soon as the server has started it; earlier, the server would refuse. The commands and
 * sub-agents of the turn end too. Resolves even if the turn has already ended: some servers answer that with an
 * error, and others don't answer.
 */
export async function interruptTurn(
  thread: ThreadState,
  record: TurnRecord,
  options: InterruptOptions = {},
): Promise<TurnInterruptResponse> {
  const { deadlineMs, signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const late = (ms: number) => new RequestTimeoutError("turn/interrupt", ms);
  using limit = deadline(signal, timeoutMs, late);
  // An interrupt that was started is completed, even if the caller no longer waits for it.
  const stopping = stop(thread, record);
  stopping.catch(() => {});
  const stopped =
    deadlineMs === undefined
      ? stopping
      : beforeDeadline(thread, record, stopping, checkedMs(deadlineMs, "deadlineMs"));
  return await orAborted(stopped, limit.signal);
}

export function interruptQuietly(thread: ThreadState, record: TurnRecord): void {
  interruptTurn(thread, record).catch(() => {});
}

/**
 * Interrupts a turn that this program has started, once its caller has abandoned it. If the server has
 * merged the start into another client's turn, that turn continues.
 */
export function interruptOwn(thread: ThreadState, record: TurnRecord): void {
  const interrupt = () => {
    if (!thread.family.isAnothers(record.turnId)) interruptQuietly(thread, record);
  };
  // Only a shared server has other clients, whose turn this could be.
  if (record.opening.isKnown || !thread.server.outlivesConnection) interrupt();
  else untilOpened(thread, record).then(interrupt, () => {});
}

/** How much later than the turn's start the message that started it can arrive. */
const MESSAGE_LAG_MS = 100;

async function untilOpened({ server }: ThreadState, { opening, started }: TurnRecord) {
  await started;
  if (!opening.isKnown) await server.pause(MESSAGE_LAG_MS);
}

async function stop(thread: ThreadState, record: TurnRecord): Promise<TurnInterruptResponse> {
  const stopped = await stopAlone(thread, record);
  if (stopped) {
    const root = thread.turns.owners.rootOf(record.turnId) ?? record.turnId;
    // If another turn is active, its sub-agents must not be stopped.
    const family = stopFamily(thread, root, { isAlone: stopped.wasActive });
    await Promise.all([endCommands(thread, record, stopped), family]);
  }
  return {};
}

/**
 * Interrupts the turn without its commands and sub-agents. Returns undefined if the turn had already ended; an
 * abandoned turn may still be running. `wasActive`: no other turn had started after it.
 */
async function stopAlone(
  thread: ThreadState,
  record: TurnRecord,
): Promise<{ readonly wasActive: boolean } | undefined> {
  await record.started;
  if (record.phase === "ended" && !record.isGivenUp) return undefined;
  thread.turns.stops(record.turnId);
  const asking = askToInterrupt(thread, record);
  const ending = record.ending.then(() => record.state.status === "interrupted");
  try {
    return { wasActive: await (record.isGivenUp ? asking : Promise.race([asking, ending])) };
  } catch (error) {
    thread.turns.goesOn(record.turnId);
    throw error;
  }
}

/**
 * Stops the sub-agents of the turn `root` at all levels, because a sub-agent that has ended may have started others
 * that are still running. If `isAlone`, no other turn is active on the thread, and the sub-agents of earlier turns
 * stop too, except those of other clients' turns.
 */
async function stopFamily(
  thread: ThreadState,
  root: string,
  { isAlone }: { readonly isAlone: boolean },
): Promise<void> {
  const stopMember = async (member: ThreadState, record: TurnRecord) => {
    const stopped = await stopAlone(member, record);
    if (stopped) await endCommands(member, record, stopped);
  };
  const isOf = (named = root) => isAlone || named === root;
  await Promise.all(
    [...thread.family.children].flatMap((child) => [
      ...[...child.turns]
        .filter(({ turnId }) => isOf(child.turns.owners.rootOf(turnId)))
        .filter(({ turnId }) => !child.family.isForAnothers(turnId, root))
        .map((record) => stopMember(child, record).catch(() => {})),
      stopFamily(child, root, { isAlone }),
    ]),
  );
}

/** Asks the server to interrupt the turn. Returns whether the turn was active. */
async function askToInterrupt(thread: ThreadState, record: TurnRecord): Promise<boolean> {
  const { threadId, turnId } = record;
  const ask = (id: string) =>
    thread.server.request("turn/interrupt", { threadId, turnId: id }, { urgent: true });
  try {
    await ask(turnId);
    return true;
  } catch (error) {
    const active = otherActiveTurn(error);
    if (active !== undefined && (await isSecondId(thread, record, active))) {
      await ask(active);
      return true;
    }
    if (!isNoActiveTurn(error) && !isGone(thread, error)) throw error;
    return false;
  }
}

/**
 * Whether the active turn is the second turn of this review, so that the server expects its id instead of the one in
 * its response and items. Otherwise the active turn is a later one, which another client may have started.
 */
async function isSecondId(
  thread: ThreadState,
  record: TurnRecord,
  active: string,
): Promise<boolean> {
  const { turns } = thread;
  if (record.phase === "ended" && !record.isGivenUp) return false;
  const root = turns.owners.rootOf(active) ?? (await listedRootOf(thread, active));
  if (root !== undefined) return root === record.turnId;
  // Older servers don't report the root.
  return record.phase === "running" && !record.opening.isMessage && !turns.get(active)?.isOwn;
}

async function listedRootOf({ id, server }: ThreadState, turnId: string) {
  const ask = (method: string, params: object) => server.request(method, params, { urgent: true });
  const listed = await recentTurns(id, ask).catch(() => []);
  return listed.find((turn) => turn.id === turnId)?.rootTurnId ?? undefined;
}

/** Ends the turn's commands, which the server would leave running as background terminals. */
async function endCommands(
  thread: ThreadState,
  record: TurnRecord,
  { wasActive }: { readonly wasActive: boolean },
): Promise<void> {
  const ids = new Set(record.openCommands());
  // A command whose start was missed counts as this turn's only if no other turn can have started it.
  const isSeenWhole = thread.profile.isNew || thread.family.parent !== undefined;
  const mayHaveMore = wasActive && isSeenWhole && (record.hasGap || thread.isCatchingUp);
  if (ids.size === 0 && !mayHaveMore) return;
  const { threadId } = record;
  const ask = (method: string, params: object) =>
    thread.server.request(method, { threadId, ...params }, { urgent: true });
  try {
    const list = "thread/backgroundTerminals/list";
    const all = dataOf<ThreadBackgroundTerminal>(await ask(list, {}), list);
    const own = all.filter(
      ({ itemId: id }) => ids.has(id) || (mayHaveMore && !thread.turns.hasLeft(id)),
    );
    await Promise.all(
      own.map(({ processId }) => ask("thread/backgroundTerminals/terminate", { processId })),
    );
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    if (ids.size > 0) await endAllCommands(ask);
  }
}

/** Ends all commands of the thread: older servers can't end them individually. */
async function endAllCommands(ask: (method: string, params: object) => Promise<unknown>) {
  try {
    await ask("thread/backgroundTerminals/clean", {});
  } catch (cause) {
    if (!isUnavailable(cause)) throw cause;
    throw new CodexError(
      "The turn was interrupted, but its commands may still be running: the server ends commands only for " +
        "clients with the experimental API (see the experimentalApi option)",
      { cause },
    );
  }
}

async function beforeDeadline(
  thread: ThreadState,
  record: TurnRecord,
  stopping: Promise<TurnInterruptResponse>,
  deadlineMs: number,
): Promise<TurnInterruptResponse> {
  let answered = false;
  const done = stopping.then(async (answer) => {
    answered = true;
    await record.ending;
    return answer;
  });
  done.catch(() => {});
  const inTime = new AbortController();
  const late = delay(deadlineMs, inTime.signal).then(
    () => undefined,
    () => undefined,
  );
  const answer = await Promise.race([done, late]).finally(() => inTime.abort());
  if (answer !== undefined) return answer;
  if (record.phase !== "ended") completeTurn(record, interruptedEnd(record));
  if (!answered) {
    const message = `turn/interrupt got no response within ${deadlineMs} ms`;
    thread.server.restartServer(new CodexError(message));
  }
  return {};
}

/** Adds input to the running turn, as soon as the server has started it: `turn/steer`. */
export async function steerTurn(
  thread: ThreadState,
  record: TurnRecord,
  input: UserInput[],
  options: RequestOptions = {},
): Promise<TurnSteerResponse> {
  await orAborted(record.started, options.signal);
  const { threadId, turnId } = record;
  if (record.phase === "ended" || record.phase === "settling") {
    // If the turn was abandoned, this rejects with the reason: the turn may still be running on the server, so it
    // hasn't ended.
    if (record.isGivenUp) await record.outcome;
    throw new CodexError(`Turn ${turnId} has ended and can't be steered: start a new turn`);
  }
  const params = { threadId, expectedTurnId: turnId, input };
  const send = { ...options, urgent: true };
  return (await thread.server.request("turn/steer", params, send)) as TurnSteerResponse;
}

/** Whether the error shows that no process runs the turn any more. */
function isGone({ server }: ThreadState, error: unknown): boolean {
  if (error instanceof TransportClosedError) return !server.outlivesConnection;
  return isNotLoaded(error);
}

function isNoActiveTurn(error: unknown): boolean {
  return (
    error instanceof JsonRpcError && /no active turn|expected active turn/.test(error.serverMessage)
  );
}

function otherActiveTurn(error: unknown): string | undefined {
  if (!(error instanceof JsonRpcError)) return undefined;
  // Bounded, because the expression takes quadratic time on a malicious message.
  const said = error.serverMessage.slice(0, MAX_READ_CHARS);
  return /expected active turn id .* but found [`'"]?([\w-]+)/.exec(said)?.[1];
}

/**
 * Waits for a turn to start. Once it is running, an abort interrupts it, and everyone waiting for
 * it gets the signal's reason.
 */
export function orInterrupted(
  thread: ThreadState,
  starting: Promise<TurnRecord>,
  signal: AbortSignal | undefined,
): Promise<TurnRecord> {
  starting.then(
    (record) => {
      const stop = onAbort(signal, () => {
        record.abandon(givenUp(record, signal?.reason));
        interruptOwn(thread, record);
      });
      record.outcome.then(stop, stop);
    },
    () => {},
  );
  return orAborted(starting, signal);
}
