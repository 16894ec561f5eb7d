import type {
  AccountRateLimitsUpdatedNotification,
  GetAccountRateLimitsResponse,
  RateLimitSnapshot,
} from "../../protocol/index.ts";
import { isRecord } from "../../util/describe.ts";

/** How much of a limit is used. */
export interface RateLimit {
  /** The id of the limit, such as "codex"; undefined if the server doesn't report one. */
  readonly id: string | undefined;
  /** The display name of the limit. */
  readonly name: string | undefined;
  /** "primary" is the short window, "secondary" the long one. */
  readonly window: "primary" | "secondary";
  /** From 0 to 100. */
  readonly usedPercent: number;
  /** Length of the window in milliseconds. */
  readonly windowMs: number | undefined;
  /** When the window starts over. */
  readonly resetsAt: Date | undefined;
}

/** The rate limits of an account. */
export interface RateLimits {
  readonly limits: readonly RateLimit[];
  /** The server's response, which also has credits and spending limits. */
  readonly snapshots: readonly RateLimitSnapshot[];
}

/** All limits of the account. */
export function rateLimitsOf(answer: GetAccountRateLimitsResponse): RateLimits {
  const byId = isRecord(answer?.rateLimitsByLimitId) ? answer.rateLimitsByLimitId : {};
  const several = Object.values(byId).filter(isSnapshot);
  return fromSnapshots(several.length > 0 ? several : [answer?.rateLimits].filter(isSnapshot));
}

/** The limits in a notification. */
export function rateLimitsUpdate(params: AccountRateLimitsUpdatedNotification): RateLimits {
  return fromSnapshots([params?.rateLimits].filter(isSnapshot));
}

function fromSnapshots(snapshots: readonly RateLimitSnapshot[]): RateLimits {
  return { limits: snapshots.flatMap(limitsIn), snapshots };
}

function limitsIn(snapshot: RateLimitSnapshot): RateLimit[] {
  const id = snapshot.limitId ?? undefined;
  const name = snapshot.limitName ?? undefined;
  return (["primary", "secondary"] as const).flatMap((window) => {
    const limit = snapshot[window];
    if (!isRecord(limit) || typeof limit.usedPercent !== "number") return [];
    const { usedPercent, windowDurationMins, resetsAt } = limit;
    const windowMs =
      typeof windowDurationMins === "number" ? windowDurationMins * 60_000 : undefined;
    const reset = typeof resetsAt === "number" ? new Date(resetsAt * 1000) : undefined;
    return [{ id, name, window, usedPercent, windowMs, resetsAt: reset }];
  });
}

function isSnapshot(value: unknown): value is RateLimitSnapshot {
  return isRecord(value);
}
