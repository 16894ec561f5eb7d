import { randomUUID } from "node:crypto";
import { CodexError, OutcomeUnknownError } from "../errors/errors.ts";
import { InvalidRequestError, JsonRpcError } from "../errors/rpc-errors.ts";
import type {
  TurnInterruptResponse,
  TurnStartParams,
  TurnStartResponse,
  TurnSteerResponse,
  UserInput,
  Turn as WireTurn,
} from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { onAbort, orAborted } from "../util/abort.ts";
import { limitModelRetries } from "./model-retries.ts";
import { recentTurns } from "./reconcile.ts";
import { recoverThread, resubscribe } from "./recovery.ts";
import { isOlder } from "./server-version.ts";
import type { RequestOptions, Session } from "./session.ts";
import type { ThreadChannel, TurnSlot } from "./thread-channel.ts";

/**
 * Starts a turn when the thread is free. An abort ends the wait; once the turn runs, it interrupts
 * the turn on the server, and those who wait for the turn get the signal's reason.
 */
export async function startTurn(
  session: Session,
  params: TurnStartParams,
  signal: AbortSignal | undefined,
): Promise<TurnRecord> {
  await session.connect(signal);
  const channel = session.channel(params.threadId);
  const starting = (async () => {
    const slot = await acquireSubscribed(session, channel, signal);
    try {
      const turnId = await sendStart(session, params);
      const record = slot.started(turnId);
      catchUpIfNeeded(session, channel);
      return record;
    } catch (error) {
      giveBack(slot, channel);
      throw error;
    }
  })();
  starting.then(
    (record) => {
      interruptOnAbort(session, record, signal);
      limitModelRetries(record, session.modelRetryMs, () => interruptQuietly(session, record));
    },
    () => {},
  );
  return orAborted(starting, signal);
}

/**
 * The slot of a thread that this connection is told of. A turn may have been started while it was
 * not: then the start would steer that turn, and waits.
 */
async function acquireSubscribed(
  session: Session,
  channel: ThreadChannel,
  signal: AbortSignal | undefined,
): Promise<TurnSlot> {
  for (;;) {
    const slot = await channel.acquire(signal);
    try {
      signal?.throwIfAborted();
      await resubscribe(channel, session.ask);
    } catch (error) {
      giveBack(slot, channel);
      throw error;
    }
    if (!channel.statusActive) return slot;
    giveBack(slot, channel);
  }
}

/** Nothing was started: nothing of it can be missed. */
function giveBack(slot: TurnSlot, channel: ThreadChannel): void {
  slot.release();
  channel.release(channel.hold());
}

/**
 * Sends `turn/start`, and gives the turn's id; a start is not lost or doubled with the connection.
 * One that died with its server is not sent again: what the turn has done before is not known.
 */
async function sendStart(session: Session, given: TurnStartParams): Promise<string> {
  if (!session.recovers) return askToStart(session, given);
  const clientUserMessageId = given.clientUserMessageId ?? randomUUID();
  const params = { ...given, clientUserMessageId };
  const isOurs = await recognizer(session, params);
  for (;;) {
    let unknown: OutcomeUnknownError;
    try {
      return await askToStart(session, params);
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError)) throw error;
      unknown = error;
    }
    const turnId = await findStarted(session, params.threadId, isOurs);
    if (turnId !== undefined) return turnId;
    if (!session.serverOutlivesConnection) throw unknown;
  }
}

/** The oldest tested server that notes the id which a client gives its message. */
const NOTES_CLIENT_IDS = "0.144.0";

/**
 * Tells the turn that these params start from others of its thread. To an older server all messages
 * of one text are the same: there it is a turn that was not listed before.
 */
async function recognizer(
  session: Session,
  { threadId, input, clientUserMessageId }: TurnStartParams,
): Promise<(turn: WireTurn) => boolean> {
  const isOlderServer = isOlder(session.metadata?.serverInfo.version ?? "", NOTES_CLIENT_IDS);
  const listed = isOlderServer ? await listedTurns(session, threadId) : [];
  const before = new Set(listed.map(({ id }) => id));
  return ({ id, items }) =>
    items.some((item) => {
      if (item.type !== "userMessage") return false;
      if (item.clientId === clientUserMessageId) return true;
      return isOlderServer && !before.has(id) && textOf(item.content) === textOf(input);
    });
}

/** None for a thread of which the server lists no turns, such as an ephemeral one. */
async function listedTurns(session: Session, threadId: string): Promise<WireTurn[]> {
  try {
    return await recentTurns(threadId, session.ask);
  } catch (error) {
    if (error instanceof JsonRpcError) return [];
    throw error;
  }
}

function textOf(input: readonly UserInput[]): string {
  return input.flatMap((item) => (item.type === "text" ? [item.text] : [])).join("\n");
}

async function askToStart(session: Session, params: TurnStartParams): Promise<string> {
  return ((await session.request("turn/start", params)) as TurnStartResponse).turn.id;
}

/** A server that goes on may list a turn late; it is looked for again for about a second. */
const LOOK_UPS = 5;
const LOOK_UP_DELAY_MS = 200;

async function findStarted(
  session: Session,
  threadId: string,
  isOurs: (turn: WireTurn) => boolean,
): Promise<string | undefined> {
  const ask = session.ask;
  const lookUps = session.serverOutlivesConnection ? LOOK_UPS : 1;
  for (let count = 0; count < lookUps; count++) {
    if (count > 0) await ask.pause(LOOK_UP_DELAY_MS);
    const found = (await recentTurns(threadId, ask)).find(isOurs);
    if (found) return found.id;
  }
  return undefined;
}

/**
 * The connection was made anew while the turn was being started, or since the thread was: then the
 * server does not tell this connection of it yet, or has told it too early.
 */
function catchUpIfNeeded(session: Session, channel: ThreadChannel): void {
  if (channel.subscribed && !channel.isHolding) return;
  const hold = channel.hold();
  // A connection that is lost again brings the thread back by itself.
  recoverThread(channel, session.ask, hold).catch(() => {});
}

function interruptOnAbort(session: Session, record: TurnRecord, signal: AbortSignal | undefined) {
  const stop = onAbort(signal, () => {
    record.abandon(signal?.reason);
    interruptQuietly(session, record);
  });
  record.ended.then(stop, stop);
}

function interruptQuietly(session: Session, record: TurnRecord): void {
  interruptTurn(session, record).catch(() => {});
}

/**
 * Interrupts the turn, as soon as the server has begun it: before that it refuses. Resolves for a
 * turn that has ended, where some servers answer with an error and others never.
 */
export async function interruptTurn(
  session: Session,
  record: TurnRecord,
  options: RequestOptions = {},
): Promise<TurnInterruptResponse> {
  await orAborted(record.started, options.signal);
  if (record.completed) return {};
  const { threadId, turnId } = record;
  const asked = session.request("turn/interrupt", { threadId, turnId }, options).catch((error) => {
    if (isNoActiveTurn(error)) return {};
    throw error;
  });
  asked.catch(() => {});
  const ended = record.ended.then(
    () => ({}),
    () => asked,
  );
  return Promise.race([asked, ended]) as Promise<TurnInterruptResponse>;
}

/** Adds input to the turn while it runs, as soon as the server has begun it. */
export async function steerTurn(
  session: Session,
  record: TurnRecord,
  input: UserInput[],
  options: RequestOptions = {},
): Promise<TurnSteerResponse> {
  await orAborted(record.started, options.signal);
  const { threadId, turnId } = record;
  if (record.completed) {
    throw new CodexError(`Turn ${turnId} has ended and can't be steered: start a new turn`);
  }
  const params = { threadId, expectedTurnId: turnId, input };
  return (await session.request("turn/steer", params, options)) as TurnSteerResponse;
}

function isNoActiveTurn(error: unknown): boolean {
  return (
    error instanceof InvalidRequestError &&
    /no active turn|expected active turn/.test(error.serverMessage)
  );
}
