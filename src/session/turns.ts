import { randomUUID } from "node:crypto";
import { CodexError, OutcomeUnknownError } from "../errors/errors.ts";
import { InvalidRequestError } from "../errors/rpc-errors.ts";
import type {
  TurnInterruptResponse,
  TurnStartParams,
  TurnStartResponse,
  TurnSteerResponse,
  UserInput,
} from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { delay, onAbort, orAborted } from "../util/abort.ts";
import { limitModelRetries } from "./model-retries.ts";
import { type Ask, recentTurns } from "./reconcile.ts";
import { recoverThread, resubscribe } from "./recovery.ts";
import type { RequestOptions, Session } from "./session.ts";
import type { ThreadChannel } from "./thread-channel.ts";

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
  const slot = await channel.acquire(signal);
  const starting = (async () => {
    try {
      signal?.throwIfAborted();
      await resubscribe(channel, askOn(session));
      const turnId = await sendStart(session, params);
      const record = slot.started(turnId);
      catchUpIfNeeded(session, channel);
      return record;
    } catch (error) {
      slot.release();
      channel.release(channel.hold());
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
 * Sends `turn/start`, and gives the turn's id; a start is not lost or doubled with the connection.
 * One that died with its server is not sent again: what the turn has done before is not known.
 */
async function sendStart(session: Session, given: TurnStartParams): Promise<string> {
  if (!session.recovers) return askToStart(session, given);
  const clientUserMessageId = given.clientUserMessageId ?? randomUUID();
  const params = { ...given, clientUserMessageId };
  for (;;) {
    let unknown: OutcomeUnknownError;
    try {
      return await askToStart(session, params);
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError)) throw error;
      unknown = error;
    }
    const turnId = await findStarted(session, params.threadId, clientUserMessageId);
    if (turnId !== undefined) return turnId;
    if (!session.serverOutlivesConnection) throw unknown;
  }
}

async function askToStart(session: Session, params: TurnStartParams): Promise<string> {
  return ((await session.request("turn/start", params)) as TurnStartResponse).turn.id;
}

function askOn(session: Session): Ask {
  return (method, params) => session.request(method, params);
}

/** A server that goes on may list a turn late; it is looked for again for about a second. */
const LOOK_UPS = 5;
const LOOK_UP_DELAY_MS = 200;

async function findStarted(session: Session, threadId: string, messageId: string) {
  const ask = askOn(session);
  const lookUps = session.serverOutlivesConnection ? LOOK_UPS : 1;
  for (let count = 0; count < lookUps; count++) {
    if (count > 0) await delay(LOOK_UP_DELAY_MS);
    const turns = await recentTurns(threadId, ask);
    const found = turns.find(({ items }) =>
      items.some((item) => item.type === "userMessage" && item.clientId === messageId),
    );
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
  recoverThread(channel, askOn(session), hold).catch(() => {});
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
