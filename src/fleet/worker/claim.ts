import type { FleetRedis } from "../redis/connection.ts";
import { threadKey } from "../redis/keys.ts";
import type { JobData } from "../wire.ts";

/** How far a turn got under earlier claims. */
export type TurnPhase = "queued" | "claimed" | "sent" | "running";

/** A turn that a worker has the right to run, until another claims its thread. */
export interface Claim {
  readonly epoch: string;
  /** How far the turn got before this claim. From "sent" on, the model may have been reached. */
  readonly phase: TurnPhase;
  /** How many workers have claimed the turn, including this one. */
  readonly attempts: number;
  /** How many of the earlier ones were lost, or failed, while they ran it. */
  readonly losses: number;
  /** The epoch of the thread's previous claim; "0" if there was none. */
  readonly previousEpoch: string;
  /** Whether the turn should be interrupted. */
  readonly isInterrupted: boolean;
  /** The worker of the previous claim; "" if there was none. */
  readonly previousWorker: string;
}

/** Why a turn can't run yet, and when to look again. */
export interface Parked {
  readonly reason: "behind" | "leased" | "tenant" | "rate" | "warm";
  readonly delayMs: number;
  /** The thread's first turn, if this turn has to wait for it. */
  readonly head?: string | undefined;
}

export interface TurnJob {
  readonly turn: string;
  readonly thread: string;
  readonly tenant: string;
  /** The thread's key. */
  readonly key: string;
}

export interface ClaimLimits {
  readonly lockMs: number;
  /** 0 means no limit. */
  readonly tenantTurns: number;
  readonly rate: { readonly max: number; readonly durationMs: number };
  readonly keepMs: number;
}

/**
 * How long a parked job waits if it isn't promoted. Normally the job is promoted when the turn
 * before it ends.
 */
const RECHECK_MS = 15_000;
const LONGEST_RECHECK_MS = 600_000;

export function turnJob(turn: string, { thread, tenant }: JobData): TurnJob {
  return { turn, thread, tenant, key: threadKey(tenant, thread) };
}

/**
 * Claims a turn's thread for a worker. `nonce` makes a repeated call return the same claim. With
 * `mayYield`, a turn is offered once to the worker that has its thread loaded.
 */
export async function claimTurn(
  redis: FleetRedis,
  { turn, key, tenant }: TurnJob,
  by: { readonly worker: string; readonly nonce: string; readonly mayYield: boolean },
  limits: ClaimLimits,
): Promise<Claim | Parked | "ended"> {
  const { lockMs, tenantTurns, rate, keepMs } = limits;
  const reply = (await redis.run(
    "claim",
    ...[turn, key, tenant, by.worker, by.nonce],
    ...[lockMs, tenantTurns, rate.max, rate.durationMs, Math.max(keepMs, 7 * 24 * 3_600_000)],
    by.mayYield ? "1" : "0",
    keepMs,
  )) as string[];
  const [outcome, first = "", second = "", third = "", fourth = "", fifth, sixth = "", seventh] =
    reply;
  switch (outcome) {
    case "ended":
      return "ended";
    case "behind":
      return {
        reason: "behind",
        head: first,
        delayMs: Math.min(RECHECK_MS * Math.max(1, Number(second)), LONGEST_RECHECK_MS),
      };
    case "warm":
      return { reason: "warm", delayMs: Number(first) + 5 };
    case "leased":
    case "tenant":
    case "rate":
      return { reason: outcome, delayMs: Math.max(5, Math.min(Number(first) + 5, RECHECK_MS)) };
    default:
      return {
        epoch: first,
        phase: second as TurnPhase,
        attempts: Number(third),
        previousEpoch: fourth,
        isInterrupted: fifth === "1",
        previousWorker: sixth,
        losses: Number(seventh),
      };
  }
}
