import { CodexError } from "../../errors/errors.ts";
import { UnknownTurnError } from "../../errors/fleet-errors.ts";
import type { Notification } from "../../rpc/messages.ts";
import { orAborted } from "../../util/abort.ts";
import { type EventId, eventId, type LoggedEntry, type ReadFrom } from "../event-log.ts";
import { jobOf } from "../queue.ts";
import { type TurnToRead, turnContext } from "../turn-context.ts";
import type { Ending, EventBatch } from "../wire.ts";
import type { FleetContext } from "./context.ts";
import { Wake } from "./wait.ts";

const PAGE = 200;

/** A notification of a turn, with an id to continue reading from. */
export type FleetEvent<N extends Notification = Notification> = N & { readonly id: string };

/** Reads a turn's events to its end, from the beginning or after an event. */
export async function* readTurn(
  context: FleetContext,
  { turn, key: expected }: TurnToRead,
  after: EventId | undefined,
  signal: AbortSignal,
): AsyncGenerator<FleetEvent, Ending> {
  const wake = new Wake();
  using _watch = context.events.watch(turn, "events", () => wake.wake());
  const { redis, keys, codec } = context;
  let from: ReadFrom | undefined = after && { holding: after };
  let key = expected;
  for (;;) {
    const entries: LoggedEntry[] = await orAborted(context.events.read(turn, from, PAGE), signal);
    if (entries.length > 0) key ??= (await redis.client.hget(keys.turn(turn), "thread")) ?? "";
    for (const entry of entries) {
      const batch = codec.decode(entry.data, turnContext("turn", turn, key ?? "")) as EventBatch;
      for (const [index, event] of batch.events.entries()) {
        const id = { epoch: entry.epoch, number: entry.number + index };
        if (!after || isAfter(id, after)) yield { ...event, id: eventId(id) };
        signal.throwIfAborted();
      }
      if (batch.ending) return batch.ending;
      from = { after: entry };
    }
    if (entries.length > 0) continue;
    await orAborted(requireTurn(context, turn), signal);
    await wake.wait(signal);
  }
}

function isAfter(one: EventId, other: EventId): boolean {
  const epochs = BigInt(one.epoch) - BigInt(other.epoch);
  return epochs === 0n ? one.number > other.number : epochs > 0n;
}

/** Waits for the end of a turn. */
export async function endingOf(
  context: FleetContext,
  { turn, key: expected }: TurnToRead,
  signal: AbortSignal,
): Promise<Ending> {
  const { events, codec, redis, keys } = context;
  const wake = new Wake();
  using _watch = events.watch(turn, "end", () => wake.wake());
  for (;;) {
    const record = await redis.client.hmget(keys.turn(turn), "phase", "result", "thread");
    const [phase, result, key] = record;
    if (phase === "ended" && result != null) {
      const about = turnContext("turn", turn, expected ?? key ?? "");
      const { ending } = codec.decode(result, about) as EventBatch;
      if (ending) return ending;
      throw new CodexError(`Turn ${turn}: its outcome can't be read`);
    }
    if (phase == null) await requireTurn(context, turn);
    await wake.wait(signal);
  }
}

/** @throws UnknownTurnError if there is no such turn, and no job that will become one. */
export async function requireTurn(
  { redis, keys, queue }: FleetContext,
  turn: string,
): Promise<void> {
  if ((await redis.client.exists(keys.turn(turn))) === 1) return;
  if (!(await jobOf(queue, turn))) throw new UnknownTurnError(turn);
}
