import { CodexError, OutcomeUnknownError, RequestTimeoutError } from "../errors/errors.ts";
import { CallLost } from "../rpc/pending.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { orAborted } from "../util/abort.ts";
import { beforeCommands } from "./environments.ts";
import { inSlot } from "./in-slot.ts";
import type { StartPlace } from "./start-queue.ts";
import { turnIdIn } from "./start-turn.ts";
import { interruptOwn, orInterrupted } from "./stop-turn.ts";
import type { RequestOptions } from "./thread-server.ts";
import type { ThreadState } from "./thread-state.ts";
import type { TurnWatcher } from "./turn-watchers.ts";

/** A request that starts a turn, other than `turn/start`. */
export interface StartRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The caller's place in the order of the thread's starts. */
  readonly place: StartPlace;
}

/**
 * Starts a turn with a request whose response names it, such as `review/start`, when the thread is
 * free. An abort interrupts the turn.
 */
export function startNamedTurn(
  thread: ThreadState,
  { method, params, place }: StartRequest,
  { signal, timeoutMs }: RequestOptions,
): Promise<TurnRecord> {
  const starting = inSlot(thread, { method, signal, place }, async (unsent) => {
    await beforeCommands(thread, method, params);
    let record: TurnRecord | undefined;
    let late = false;
    const onResult = (result: unknown) => {
      const turnId = turnIdIn(result, method);
      if (late && thread.turns.isOver(turnId)) return;
      record = thread.claim(turnId);
      // The caller has already received an error, so nothing waits for this turn.
      if (late) interruptOwn(thread, record);
    };
    try {
      await thread.server.request(method, params, { timeoutMs, onResult, unsent, retry: false });
    } catch (error) {
      late = error instanceof RequestTimeoutError;
      throw error;
    }
    if (record === undefined)
      throw new CodexError(`The server's response to ${method} has no result`);
    return record;
  });
  return orInterrupted(thread, starting, signal);
}

/**
 * Starts a turn with a request whose response doesn't name it, such as `thread/shellCommand`, when
 * the thread is free: it is the next turn that starts. `isIt` distinguishes the turn from one that
 * it has displaced. An abort interrupts the turn.
 */
export async function startNextTurn(
  thread: ThreadState,
  {
    method,
    params,
    isIt,
    place,
  }: StartRequest & { readonly isIt: (record: TurnRecord) => boolean },
  { signal, timeoutMs }: RequestOptions,
): Promise<{ answer: unknown; record: TurnRecord }> {
  /** The caller has already received an error, so nothing waits for this turn. */
  const stopLate = async ({ record }: TurnWatcher) => {
    const late = await record.catch(() => undefined);
    if (late) interruptOwn(thread, late);
  };
  const { answer, next } = await orAborted(
    inSlot(thread, { method, signal, place }, async (unsent) => {
      await beforeCommands(thread, method, params);
      let next = thread.starts.nextTurn();
      const onResult = () => {
        const { seen } = next;
        // A turn that ended before the answer may be another client's.
        if (seen?.phase === "ended" && !isIt(seen)) next = thread.starts.nextTurn();
        thread.starts.expectTurn();
      };
      try {
        const send = { timeoutMs, onResult, unsent, retry: false };
        return { answer: await thread.server.request(method, params, send), next };
      } catch (error) {
        // The request may still be answered. Until it is, or the thread is idle, nothing else
        // starts.
        if (error instanceof RequestTimeoutError) stopLate(next);
        else next[Symbol.dispose]();
        throw error;
      }
    }),
    signal,
    ({ next }) => stopLate(next),
  );
  const starting = next.record.then(
    (record) => record ?? notSeen(thread, method),
    (cause) => {
      if (!(cause instanceof CallLost)) throw cause;
      throw new OutcomeUnknownError(method, cause.reason);
    },
  );
  return { answer, record: await orInterrupted(thread, starting, signal) };
}

/** Whether a turn was started by `thread/shellCommand`. */
export function isShellTurn(record: TurnRecord): boolean {
  return record.items().some((item) => "source" in item && item.source === "userShell");
}

function notSeen(thread: ThreadState, method: string): never {
  throw new CodexError(
    `Thread ${thread.id}: ${method} was accepted, but the server never reported the turn. ` +
      "The turn may or may not have run",
  );
}
