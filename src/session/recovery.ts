import { TurnLostError } from "../errors/errors.ts";
import type { ThreadResumeResponse } from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { type Ask, isBeforeFirstTurn, isNoAnswer, reconcile } from "./reconcile.ts";
import type { Hold, ThreadChannel } from "./thread-channel.ts";

/**
 * Brings the threads that are at work onto a new connection: subscribes to them again, and gives
 * their live turns what they missed. The others are only marked; see `resubscribe`.
 */
export async function recoverThreads(channels: Iterable<ThreadChannel>, ask: Ask): Promise<void> {
  const atWork: ThreadChannel[] = [];
  for (const channel of channels) {
    if (channel.failed) continue;
    channel.subscribed = false;
    channel.forgetActive();
    if (!channel.isAtWork) continue;
    atWork.push(channel);
  }
  await Promise.all(atWork.map((channel) => recoverThread(channel, ask, channel.holdAnew())));
}

/** Subscribes to a thread that was idle when its connection was lost. */
export async function resubscribe(channel: ThreadChannel, ask: Ask): Promise<void> {
  if (!channel.subscribed) await resume(channel, ask);
}

/** A turn that was just started is in no list yet; it is looked for again for about two seconds. */
const LOOK_UPS = 20;
const LOOK_UP_DELAY_MS = 100;

/**
 * Subscribes to a thread, and gives its live turns what this client has missed of them; what comes
 * meanwhile is in the hold. When the connection is lost once more this rejects, and the hold stays:
 * what it has is not all, and the next recovery asks for it again.
 */
export async function recoverThread(channel: ThreadChannel, ask: Ask, hold: Hold): Promise<void> {
  try {
    let unknown = await resumeAndReconcile(channel, ask);
    for (let count = 1; unknown.length > 0 && count < LOOK_UPS; count++) {
      await ask.pause(LOOK_UP_DELAY_MS);
      unknown = await resumeAndReconcile(channel, ask);
    }
    for (const record of unknown) {
      record.fail(new TurnLostError(record, "the server does not know it"));
    }
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    for (const record of channel.records) {
      record.fail(new TurnLostError(record, error.message, { cause: error }));
    }
  }
  // A start whose outcome is not known yet is settled first; see `startTurn`.
  if (!channel.isStarting) channel.release(hold);
}

async function resumeAndReconcile(channel: ThreadChannel, ask: Ask): Promise<TurnRecord[]> {
  await resume(channel, ask);
  return reconcile(channel, ask);
}

async function resume(channel: ThreadChannel, ask: Ask): Promise<void> {
  const params = { ...channel.settings, threadId: channel.id, excludeTurns: true };
  try {
    const answer = (await ask("thread/resume", params)) as ThreadResumeResponse;
    channel.subscribed = true;
    channel.acceptStatus(answer.thread.status);
  } catch (error) {
    // A thread can't be resumed before its first turn; it can be when that turn has begun.
    if (!isBeforeFirstTurn(error)) throw error;
    channel.subscribed = false;
  }
}
