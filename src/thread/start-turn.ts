import { randomUUID } from "node:crypto";
import {
  CodexError,
  OutcomeUnknownError,
  RequestTimeoutError,
  TransportClosedError,
} from "../errors/errors.ts";
import type { TurnStartParams, UserInput, Turn as WireTurn } from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { givenUp } from "../turn/unfinished-errors.ts";
import { onAbort, orAborted } from "../util/abort.ts";
import { isRecord } from "../util/describe.ts";
import { recentTurns } from "./history.ts";
import { AGAIN, inSlot } from "./in-slot.ts";
import { isOlder } from "./server-version.ts";
import { interruptQuietly } from "./stop-turn.ts";
import type { ThreadState } from "./thread-state.ts";

/**
 * Starts a turn when the thread is free: `turn/start`. An abort ends the wait; once the turn runs,
 * it interrupts the turn on the server, and those who wait for the turn get its partial result.
 */
export function startTurn(
  thread: ThreadState,
  params: TurnStartParams,
  signal: AbortSignal | undefined,
): Promise<TurnRecord> {
  // The id recognises the message in the server's history, and shows that the turn answers it.
  const named = { ...params, clientUserMessageId: params.clientUserMessageId ?? randomUUID() };
  thread.turns.sentMessage(named.clientUserMessageId);
  const starting = inSlot(thread, signal, () => sendStart(thread, named));
  starting.then(
    (record) => interruptOnAbort(thread, record, signal),
    () => {},
  );
  return orAborted(starting, signal);
}

type NamedParams = TurnStartParams & { readonly clientUserMessageId: string };

/**
 * Sends `turn/start`. A start is neither lost nor doubled with the connection; one that died with
 * its server isn't sent again, as it isn't known what the turn has done before.
 */
async function sendStart(
  thread: ThreadState,
  params: NamedParams,
): Promise<TurnRecord | typeof AGAIN> {
  const { server } = thread;
  const isOurs = server.recovers ? await recognizer(thread, params) : undefined;
  try {
    const record = await askToStart(thread, params);
    catchUpIfNeeded(thread);
    return record;
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError) || isOurs === undefined) throw error;
    const turnId = await findStarted(thread, isOurs);
    if (turnId !== undefined) {
      const record = thread.claim(turnId, params.clientUserMessageId);
      const connection = server.connection();
      if (connection) thread.catchUp(connection);
      return record;
    }
    if (!server.outlivesConnection) throw error;
    return AGAIN;
  }
}

async function askToStart(thread: ThreadState, params: NamedParams): Promise<TurnRecord> {
  let record: TurnRecord | undefined;
  let late = false;
  const onResult = (result: unknown) => {
    record = thread.claim(turnIdIn(result, "turn/start"), params.clientUserMessageId);
    // The caller was given an error: this turn is nobody's.
    if (late) interruptQuietly(thread, record);
  };
  try {
    await thread.server.request("turn/start", params, { onResult, retry: false });
  } catch (error) {
    late = error instanceof RequestTimeoutError;
    throw error;
  }
  if (record === undefined) throw new CodexError("turn/start was answered without a result");
  return record;
}

/** The id of the turn that a response names. */
export function turnIdIn(result: unknown, method: string): string {
  const turn = isRecord(result) ? result.turn : undefined;
  if (isRecord(turn) && typeof turn.id === "string") return turn.id;
  throw new CodexError(`The server's answer to ${method} names no turn: is this an app-server?`);
}

/** The oldest tested server that notes the id which a client gives its message. */
const NOTES_CLIENT_IDS = "0.144.0";

/**
 * Recognises the turn that these params start among others of its thread. To an older server all
 * messages of one text are the same: there it is a turn that was not listed before.
 */
async function recognizer(
  thread: ThreadState,
  { input, clientUserMessageId }: NamedParams,
): Promise<(turn: WireTurn) => boolean> {
  const isOlderServer = isOlder(thread.server.version, NOTES_CLIENT_IDS);
  const listed = isOlderServer ? await listedTurns(thread) : [];
  const before = new Set(listed.map(({ id }) => id));
  return ({ id, items }) =>
    (items ?? []).some((item) => {
      if (item?.type !== "userMessage") return false;
      if (item.clientId === clientUserMessageId) return true;
      return isOlderServer && !before.has(id) && textOf(item.content) === textOf(input);
    });
}

/** None for a thread of which the server lists no turns, such as an ephemeral one. */
async function listedTurns(thread: ThreadState): Promise<WireTurn[]> {
  try {
    return await recentTurns(thread.id, (method, params) => thread.server.request(method, params));
  } catch (error) {
    if (error instanceof TransportClosedError) throw error;
    return [];
  }
}

function textOf(input: readonly UserInput[]): string {
  return input.flatMap((item) => (item.type === "text" ? [item.text] : [])).join("\n");
}

const LOOK_UP_DELAY_MS = 200;
/** How long a turn may stay unlisted: longer while the thread is at work, perhaps on this very turn. */
const IDLE_LOOK_UP_MS = 3_000;
const ACTIVE_LOOK_UP_MS = 15_000;

/** The turn of a start whose response was lost, as the server lists it; undefined if it never began. */
async function findStarted(
  thread: ThreadState,
  isOurs: (turn: WireTurn) => boolean,
): Promise<string | undefined> {
  const { server } = thread;
  for (let waited = 0; ; waited += LOOK_UP_DELAY_MS) {
    const turns = await listedTurns(thread);
    const found = turns.find(isOurs);
    if (found || !server.outlivesConnection) return found?.id;
    if (waited >= (thread.starts.isActive ? ACTIVE_LOOK_UP_MS : IDLE_LOOK_UP_MS)) return undefined;
    await server.pause(LOOK_UP_DELAY_MS);
  }
}

/** The server doesn't send this connection a turn of a thread that it wasn't subscribed to in time. */
function catchUpIfNeeded(thread: ThreadState): void {
  if (thread.isSubscribed) return;
  const connection = thread.server.connection();
  // Without a connection, the next one catches up by itself.
  if (connection) thread.catchUp(connection);
}

function interruptOnAbort(
  thread: ThreadState,
  record: TurnRecord,
  signal: AbortSignal | undefined,
): void {
  const stop = onAbort(signal, () => {
    record.abandon(givenUp(record, signal?.reason));
    interruptQuietly(thread, record);
  });
  record.outcome.then(stop, stop);
}
