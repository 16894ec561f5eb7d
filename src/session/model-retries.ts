import { ModelUnreachableError } from "../errors/errors.ts";
import type { TurnError } from "../protocol/index.ts";
import type { TurnRecord } from "../turn/turn-record.ts";

/**
 * Ends a turn whose model the server has tried to reach in vain for `limitMs`: today's server does
 * so without end. What the turn brings in between begins the time anew. 0 is no limit.
 */
export function limitModelRetries(
  record: TurnRecord,
  limitMs: number,
  interrupt: () => void,
): void {
  if (limitMs === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (error: TurnError) => {
    record.abandon(new ModelUnreachableError(record, limitMs, error));
    interrupt();
  };
  const follow = (error: TurnError | undefined) => {
    if (error === undefined) {
      clearTimeout(timer);
      timer = undefined;
    } else {
      timer ??= setTimeout(() => giveUp(record.retryError ?? error), limitMs);
    }
  };
  record.onRetry = follow;
  follow(record.retryError);
  const stop = () => clearTimeout(timer);
  record.ended.then(stop, stop);
}
