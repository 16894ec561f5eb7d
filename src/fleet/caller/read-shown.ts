import { UnknownTurnError } from "../../errors/fleet-errors.ts";
import type { Notification } from "../../rpc/messages.ts";
import { orAborted } from "../../util/abort.ts";
import { parseEventId } from "../event-log.ts";
import type { TurnToRead } from "../turn-context.ts";
import type { Ending } from "../wire.ts";
import type { FleetContext } from "./context.ts";
import { FailedTurn } from "./failed-turn.ts";
import { type FleetEvent, readTurn } from "./read-turn.ts";
import { Wake } from "./wait.ts";

/** How long to wait for a notification of a new turn before looking for one. */
const RECHECK_MS = 3_000;

/**
 * What a timeline does next: applies an event, or starts over because the events are read again.
 */
export type Shown = Notification | "restart";

/** Filters out events of attempts that a retry has replaced. */
class Attempts {
  /** By turn: the first epoch that counts, and the last one seen. */
  readonly #first = new Map<string, string>();
  readonly #last = new Map<string, string>();

  /** Reads from the beginning. */
  restart(): void {
    this.#last.clear();
  }

  take(turn: string, event: FleetEvent): "apply" | "skip" | "restart" {
    const { epoch } = parseEventId(event.id);
    if (BigInt(epoch) < BigInt(this.#first.get(turn) ?? "0")) return "skip";
    const last = this.#last.get(turn);
    this.#last.set(turn, epoch);
    const isRetry = last !== undefined && last !== epoch && event.method === "turn/started";
    if (!isRetry) return "apply";
    this.#first.set(turn, epoch);
    return "restart";
  }
}

/** The events of a turn for a timeline, to its ending. */
export async function* shownTurn(
  context: FleetContext,
  turn: TurnToRead,
  signal: AbortSignal,
): AsyncGenerator<Shown, Ending> {
  const attempts = new Attempts();
  for (;;) {
    const ending = yield* shownOnce(context, turn, attempts, signal);
    if (ending !== "restart") return ending;
  }
}

/**
 * The events of a thread's turns for a timeline, in order, until the signal aborts. A turn that the fleet
 * ended with an error ends with an event that says so.
 */
export async function* shownThread(
  context: FleetContext,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<Shown, undefined> {
  const { channels, keys, redis } = context;
  const attempts = new Attempts();
  const wake = new Wake();
  using _watch = channels.add(keys.threadChannel(key), () => wake.wake());
  const timer = setInterval(() => wake.wake(), RECHECK_MS);
  timer.unref();
  const over = new Set<string>();
  try {
    for (;;) {
      const turns = await orAborted(redis.client.zrange(keys.turns(key), "0", "-1"), signal);
      signal.throwIfAborted();
      const next = turns.find((turn) => !over.has(turn));
      if (next === undefined) await wake.wait(signal);
      else if ((yield* shownKept(context, { turn: next, key }, attempts, signal)) === "restart")
        over.clear();
      else over.add(next);
    }
  } finally {
    clearInterval(timer);
  }
}

/**
 * Like `shownOnce`, but every turn has an end, and a turn that is no longer kept yields nothing.
 */
async function* shownKept(
  context: FleetContext,
  place: TurnToRead,
  attempts: Attempts,
  signal: AbortSignal,
): AsyncGenerator<Shown, Ending | "restart" | undefined> {
  try {
    const failed = new FailedTurn();
    const events = shownOnce(context, place, attempts, signal);
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      if (next.value !== "restart") failed.follow(next.value);
      yield next.value;
    }
    const ending = next.value;
    if (ending !== "restart" && ending.kind === "error") {
      const { redis, keys } = context;
      const { turn } = place;
      const at = await redis.client.hget(keys.turn(turn), "endedAt");
      yield failed.end(turn, ending.message, Number(at ?? 0));
    }
    return ending;
  } catch (error) {
    if (error instanceof UnknownTurnError) return undefined;
    throw error;
  }
}

/** Returns "restart" if everything must be read again. */
async function* shownOnce(
  context: FleetContext,
  place: TurnToRead,
  attempts: Attempts,
  signal: AbortSignal,
): AsyncGenerator<Shown, Ending | "restart"> {
  const events = readTurn(context, place, undefined, signal);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    const decision = attempts.take(place.turn, next.value);
    if (decision === "apply") yield next.value;
    if (decision !== "restart") continue;
    attempts.restart();
    yield "restart";
    return "restart";
  }
}
