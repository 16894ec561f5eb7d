import { startUnchecked } from "../client/thread.ts";
import type { Turn as NativeTurn } from "../client/turn.ts";
import type { TurnStartParams, Turn as WireTurn } from "../protocol/index.ts";
import type { ThreadEvent } from "./events.ts";
import { AbortError, execFailure, failureOf } from "./failures.ts";
import { findThread } from "./find-thread.ts";
import type { Lease } from "./loaded-threads.ts";
import { Problems } from "./problems.ts";
import type { RunningServer, Server } from "./server.ts";
import type { ThreadSettings } from "./thread-settings.ts";
import { TurnEvents } from "./turn-events.ts";

/** Everything that one run needs. */
export interface Run {
  readonly server: Server;
  /** Null if the run starts a thread. */
  readonly threadId: string | null;
  readonly settings: ThreadSettings;
  readonly threadSource: string;
  readonly turn: Omit<TurnStartParams, "threadId">;
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs one turn, and yields its events. Leaving the loop interrupts the turn.
 * @throws AbortError if the signal aborts; Error if the turn doesn't complete.
 */
export async function* runTurn(run: Run): AsyncGenerator<ThreadEvent, void> {
  const { signal } = run;
  if (signal?.aborted) throw new AbortError(signal);
  try {
    const { status, error } = yield* eventsOf(run);
    if (status !== "completed")
      throw execFailure(error?.message ?? `The turn ended with the status "${status}"`);
  } catch (error) {
    if (signal?.aborted) throw new AbortError(signal);
    throw failureOf(error, run.server.codexPath);
  }
}

async function* eventsOf(run: Run): AsyncGenerator<ThreadEvent, WireTurn> {
  const { client, threads } = run.server.running;
  using problems = new Problems(client);
  const lease = await openThread({ client, threads }, run);
  const { thread, sandbox } = lease;
  const starting = startUnchecked(thread, { ...run.turn, ...sandbox }, { signal: run.signal });
  starting.catch(() => threads.forget(thread.id));
  // The next run doesn't have to wait until the events of this one have been read.
  starting.then((turn) => turn.run()).then(lease.release, lease.release);
  const events = new TurnEvents();
  let ended: WireTurn | undefined;
  try {
    yield { type: "thread.started", thread_id: thread.id };
    const { signal } = run;
    for await (const notification of (await starting).stream({ signal })) {
      if (notification.method === "turn/completed") ended = notification.params.turn;
      for (const message of problems.take(thread.id)) yield events.problem(message);
      yield* events.accept(notification);
    }
  } finally {
    if (!ended) void stop(starting);
  }
  if (ended === undefined) throw execFailure("The server never reported the end of the turn");
  return ended;
}

async function openThread({ client, threads }: RunningServer, run: Run): Promise<Lease> {
  const { settings, signal } = run;
  const id = run.threadId === null ? undefined : await findThread(client, run.threadId, settings);
  if (id === undefined) return threads.start(settings, run.threadSource, signal);
  return threads.resume(id, settings, signal);
}

async function stop(starting: Promise<NativeTurn<undefined>>): Promise<void> {
  try {
    await (await starting).interrupt();
  } catch {
    // The turn hasn't started, or its server has exited.
  }
}
