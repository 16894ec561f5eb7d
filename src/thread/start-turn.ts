import {
  CodexError,
  OutcomeUnknownError,
  RequestTimeoutError,
  TransportClosedError,
} from "../errors/errors.ts";
import type { TurnStartParams, Turn as WireTurn } from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { isRecord } from "../util/describe.ts";
import { inPlace } from "./environments.ts";
import { recentTurns } from "./history.ts";
import { AGAIN, inSlot } from "./in-slot.ts";
import { textOf } from "./merged-starts.ts";
import { isOlder } from "./server-version.ts";
import type { StartPlace } from "./start-queue.ts";
import { interruptOwn, orInterrupted } from "./stop-turn.ts";
import type { ThreadState } from "./thread-state.ts";

/**
 * Starts a turn when the thread is free: `turn/start`. An abort ends the wait; once the turn is
 * running, it interrupts the turn on the server, and waiting callers get its partial result.
 */
export function startTurn(
  thread: ThreadState,
  params: TurnStartParams,
  signal: AbortSignal | undefined,
  place: StartPlace,
): Promise<TurnRecord> {
  // The id identifies the message in the server's history, and shows that the turn answers it.
  const named = {
    ...params,
    clientUserMessageId: params.clientUserMessageId ?? crypto.randomUUID(),
  };
  thread.turns.owners.sentMessage(named.clientUserMessageId, named);
  let losses = 0;
  let isOurs: IsOurs | undefined;
  const send = async (taken: AbortSignal) => {
    if (thread.server.recovers) isOurs ??= await recognizer(thread, named);
    // The server may have started a lost turn since, or have merged its message into another one.
    const late = losses > 0 && isOurs ? await listedAs(thread, isOurs) : undefined;
    if (late !== undefined) {
      thread.profile.changed(inPlace(thread.profile, "turn/start", named));
      return claimFound(thread, named, late);
    }
    const sent = await sendStart(thread, named, isOurs, taken);
    if (!(sent instanceof OutcomeUnknownError)) return sent;
    // The request itself may be the reason why the connection ends.
    if (++losses >= MAX_LOSSES) throw sent;
    return AGAIN;
  };
  const starting = inSlot(thread, { method: "turn/start", signal, place }, send).then((record) =>
    thread.turns.merged.turnOf(record),
  );
  return orInterrupted(thread, starting, signal);
}

type NamedParams = TurnStartParams & { readonly clientUserMessageId: string };

/** After this many lost connections, a start isn't sent again. */
const MAX_LOSSES = 5;

/**
 * Sends `turn/start`. If the connection is lost, the start is neither lost nor repeated. Resolves with the
 * error if the server hasn't started the turn, so that it can be sent again. If the server died, the
 * start isn't sent again, because the turn may already have done something.
 */
async function sendStart(
  thread: ThreadState,
  params: NamedParams,
  isOurs: IsOurs | undefined,
  taken: AbortSignal,
): Promise<TurnRecord | OutcomeUnknownError> {
  try {
    const record = await askToStart(thread, params, taken);
    catchUpIfNeeded(thread);
    return record;
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    let turnId: string | undefined;
    try {
      turnId = await whetherStarted(thread, params, isOurs, error);
    } finally {
      // A thread isn't loaded while its settings are in doubt.
      if (turnId === undefined && !thread.starts.refusal) catchUpIfNeeded(thread);
    }
    if (turnId !== undefined) return claimFound(thread, params, turnId);
    if (!thread.server.outlivesConnection) throw error;
    return error;
  }
}

/**
 * The id of the turn of a start whose response was lost; undefined if it hasn't started. Until this is known, the
 * turn's settings count as set.
 */
async function whetherStarted(
  thread: ThreadState,
  params: NamedParams,
  isOurs: IsOurs | undefined,
  unknown: OutcomeUnknownError,
): Promise<string | undefined> {
  const { profile, server } = thread;
  using change = profile.presume(inPlace(profile, "turn/start", params));
  if (isOurs === undefined) throw unknown;
  const turnId = await findStarted(thread, isOurs, unknown);
  // The server may refuse the settings, and then every request that repeats them.
  if (turnId === undefined && server.outlivesConnection) change.undo();
  return turnId;
}

/** The turn of a start whose response was lost. */
function claimFound(thread: ThreadState, params: NamedParams, turnId: string): TurnRecord {
  const record = thread.claim(turnId, params.clientUserMessageId);
  const connection = thread.server.connection();
  if (connection) thread.catchUp(connection);
  return record;
}

async function askToStart(
  thread: ThreadState,
  params: NamedParams,
  unsent: AbortSignal,
): Promise<TurnRecord> {
  let record: TurnRecord | undefined;
  let late = false;
  const { profile } = thread;
  const sent = inPlace(profile, "turn/start", profile.withTurnSettings(params));
  const onResult = (result: unknown) => {
    const turnId = turnIdIn(result, "turn/start");
    if (late && thread.turns.isOver(turnId)) return;
    record = thread.claim(turnId, params.clientUserMessageId);
    profile.changed(sent);
    if (!late) thread.turns.merged.answered(record, params, thread.server.version);
    // The caller has already received an error, so nothing waits for this turn.
    if (late) interruptOwn(thread, record);
  };
  try {
    await thread.server.request("turn/start", sent, { onResult, unsent, retry: false });
  } catch (error) {
    late = error instanceof RequestTimeoutError;
    throw error;
  }
  if (record === undefined)
    throw new CodexError("The server's response to turn/start has no result");
  return record;
}

/** The id of the turn that a response names. */
export function turnIdIn(result: unknown, method: string): string {
  const turn = isRecord(result) ? result.turn : undefined;
  if (isRecord(turn) && typeof turn.id === "string") return turn.id;
  throw new CodexError(`The server's response to ${method} has no turn id: is this an app-server?`);
}

/** The oldest tested server that stores the id that a client gives its message. */
const NOTES_CLIENT_IDS = "0.144.0";

/** Whether a listed turn is the one that a start has started. */
type IsOurs = (turn: WireTurn) => boolean;

/**
 * Recognises the turn that these params start among other turns of the thread. An older server
 * doesn't distinguish messages with the same text; there, the turn is one that wasn't listed
 * before.
 */
async function recognizer(
  thread: ThreadState,
  { input, clientUserMessageId }: NamedParams,
): Promise<IsOurs> {
  const isOlderServer = isOlder(thread.server.version, NOTES_CLIENT_IDS);
  const listed = isOlderServer ? await listedTurns(thread) : [];
  const before = new Set(listed?.map(({ id }) => id));
  return ({ id, items }) =>
    (items ?? []).some((item) => {
      if (item?.type !== "userMessage") return false;
      if (item.clientId === clientUserMessageId) return true;
      return isOlderServer && !before.has(id) && textOf(item.content) === textOf(input);
    });
}

/**
 * The newest turns, or as many as `isEnough` asks for. Undefined if the server doesn't answer, or
 * doesn't list the thread's turns, such as those of an ephemeral one.
 */
async function listedTurns(
  { id, server }: ThreadState,
  isEnough?: (turns: readonly WireTurn[]) => boolean,
): Promise<WireTurn[] | undefined> {
  const ask = (method: string, params: object) => server.request(method, params);
  try {
    return await recentTurns(id, ask, isEnough);
  } catch (error) {
    if (error instanceof TransportClosedError) throw error;
    return undefined;
  }
}

/** The id of that turn, even if other clients have started many since; undefined if none is listed. */
async function listedAs(thread: ThreadState, isOurs: IsOurs): Promise<string | undefined> {
  const turns = await listedTurns(thread, (some) => some.some(isOurs));
  return turns?.find(isOurs)?.id;
}

const LOOK_UP_DELAY_MS = 200;
/**
 * How long a turn can be missing from the list. The limit is longer while the thread is active, because it may be
 * running this turn.
 */
const IDLE_LOOK_UP_MS = 4_000;
const ACTIVE_LOOK_UP_MS = 15_000;
/** The number of consecutive times that a server can fail to list its turns. */
const MAX_UNANSWERED = 3;

/**
 * The turn of a start whose response was lost, from the server's list; undefined if it never
 * started. Rejects with `unknown` if the server doesn't answer.
 */
async function findStarted(
  thread: ThreadState,
  isOurs: IsOurs,
  unknown: OutcomeUnknownError,
): Promise<string | undefined> {
  const { server, starts } = thread;
  let unanswered = 0;
  let idleMs = 0;
  for (let waitedMs = 0; ; waitedMs += LOOK_UP_DELAY_MS) {
    const { signs } = starts;
    const turns = await listedTurns(thread);
    const found = turns?.find(isOurs);
    if (found) return found.id;
    if (turns === undefined && ++unanswered >= MAX_UNANSWERED) throw unknown;
    if (turns !== undefined) unanswered = 0;
    if (!server.outlivesConnection) return undefined;
    const isOver = idleMs >= IDLE_LOOK_UP_MS || waitedMs >= ACTIVE_LOOK_UP_MS;
    if (isOver && turns !== undefined) {
      // Other clients may have started many turns in the meantime, so older turns are listed too.
      const older = await listedTurns(thread, (some) => some.some(isOurs));
      if (older === undefined) throw unknown;
      return older.find(isOurs)?.id;
    }
    await server.pause(LOOK_UP_DELAY_MS);
    idleMs = starts.isActive || starts.signs !== signs ? 0 : idleMs + LOOK_UP_DELAY_MS;
  }
}

/**
 * Fetches the turn if this connection isn't subscribed to the thread, because the server doesn't send it then, and
 * missed turns that can be reported now.
 */
function catchUpIfNeeded(thread: ThreadState): void {
  if (thread.subscription.isActive && !thread.shown.isBehind) return;
  const connection = thread.server.connection();
  // If there is no connection, the next one fetches the turn.
  if (connection) thread.catchUp(connection);
}
