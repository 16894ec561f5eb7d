import { CodexError } from "../errors/errors.ts";
import { InvalidRequestError } from "../errors/rpc-errors.ts";
import type {
  TurnInterruptResponse,
  TurnStartParams,
  TurnStartResponse,
  TurnSteerResponse,
  UserInput,
} from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { onAbort, orAborted } from "../util/abort.ts";
import type { RequestOptions, Session } from "./session.ts";

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
  const slot = await session.channel(params.threadId).acquire(signal);
  const starting = (async () => {
    try {
      signal?.throwIfAborted();
      const answer = (await session.request("turn/start", params)) as TurnStartResponse;
      return slot.started(answer.turn.id);
    } catch (error) {
      slot.release();
      throw error;
    }
  })();
  starting.then(
    (record) => interruptOnAbort(session, record, signal),
    () => {},
  );
  return orAborted(starting, signal);
}

function interruptOnAbort(session: Session, record: TurnRecord, signal: AbortSignal | undefined) {
  const stop = onAbort(signal, () => {
    record.abandon(signal?.reason);
    interruptTurn(session, record).catch(() => {});
  });
  record.ended.then(stop, stop);
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
