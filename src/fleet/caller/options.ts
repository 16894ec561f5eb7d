import type { RepeatOptions } from "bullmq";
import { checkCall } from "../../client/check-calls.ts";
import type { ThreadStartOptions } from "../../client/thread-options.ts";
import type { TurnOptions } from "../../client/turn-params.ts";
import type { CodexWarning } from "../../errors/warning.ts";
import type { Schema } from "../../input/schema.ts";
import type { Tool } from "../../input/tool.ts";
import {
  type Check,
  func,
  is,
  isThing,
  milliseconds,
  object,
  requireOptions,
  show,
} from "../../util/checks.ts";
import { ownCopy } from "../../util/own-copy.ts";
import type { EncryptionKey } from "../redis/codec.ts";
import type { FleetConnection } from "../redis/connection.ts";
import type { OnWorkerLost } from "../wire.ts";
import { connection, encryptionKey, fleetName } from "../worker/options.ts";

/** Options of a process that submits and reads turns. */
export interface FleetOptions {
  /** The Redis server of the fleet. */
  readonly connection: FleetConnection;
  /** The name of the fleet. Default "fleet". */
  readonly name?: string | undefined;
  /** How long ended turns and their events are kept, in milliseconds. Default one day. */
  readonly keepMs?: number | undefined;
  /** The same key as on the workers; see `FleetWorkerOptions.encryptionKey`. */
  readonly encryptionKey?: EncryptionKey | undefined;
  /** Called for problems that don't fail a call. Default: a process warning. */
  readonly onWarning?: ((warning: CodexWarning) => void) | undefined;
}

/**
 * Options of a fleet's turn: the options of `Thread.turn`, and options that decide where and when
 * the turn runs.
 */
export interface FleetRunOptions<S extends Schema | undefined = undefined>
  extends Omit<TurnOptions<S>, "signal" | "timeoutMs" | "clientUserMessageId"> {
  /** The name of the thread, which you choose. Its turns run one at a time. Default: a new thread. */
  readonly thread?: string | undefined;
  /** The tenant that owns the thread. With a pool, each tenant has its own server and home. Default "default". */
  readonly tenant?: string | undefined;
  /**
   * The id of the turn. A second call with the same id refers to the same turn, so it is safe to
   * retry a submission. Default: a random id.
   */
  readonly id?: string | undefined;
  /** How the thread is started, if this is its first turn. */
  readonly threadOptions?:
    | Omit<ThreadStartOptions, "tools" | "signal" | "timeoutMs" | "ephemeral">
    | undefined;
  /**
   * Tools for a new thread: names of tools that the workers have, and tools that run in this process
   * as long as it is running. Pass tools of this process again in later turns.
   */
  readonly tools?: readonly (string | Tool)[] | undefined;
  /**
   * What happens to the turn if its worker is lost after the turn may have reached the model: it ends as
   * interrupted, or runs again from the thread's state before the turn. Default "interrupt".
   */
  readonly onWorkerLost?: OnWorkerLost | undefined;
  /**
   * From 1 to 2,097,152. Turns without a priority run first, then lower numbers before higher ones.
   */
  readonly priority?: number | undefined;
  /**
   * How long to delay the turn, in milliseconds. The turn takes its place in the thread's order only after
   * the delay.
   */
  readonly delayMs?: number | undefined;
}

/** When a repeated turn runs: `{ every: 60_000 }` or `{ pattern: "0 9 * * 1-5", tz: "Europe/Berlin" }`. */
export type FleetRepeat = Omit<RepeatOptions, "key">;

const FLEET: Readonly<Record<keyof FleetOptions, Check>> = {
  connection,
  name: fleetName,
  keepMs: milliseconds,
  encryptionKey,
  onWarning: func,
};

/** @throws TypeError for a missing or unknown option, or a value of the wrong type. */
export function checkFleetOptions(options: FleetOptions): void {
  requireOptions("Fleet", options, FLEET);
  if (options.connection === undefined) throw new TypeError("Fleet option connection is missing");
}

const MAX_NAME = 200;

/**
 * Used in Redis keys, where the first slash separates the tenant from the thread. Keys are UTF-8, in
 * which all lone surrogates are the same character.
 */
export const tenantName: Check = is(
  `a string of 1 to ${MAX_NAME} characters without "/", control characters or lone surrogates`,
  (value) => typeof value === "string" && /^[^/\p{Cc}\p{Cs}]{1,200}$/u.test(value),
);
export const threadName: Check = is(
  `a string of 1 to ${MAX_NAME} characters without control characters or lone surrogates`,
  (value) => typeof value === "string" && /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(value),
);
/** BullMQ separates the parts of its keys with colons. */
const turnId: Check = is(
  'a string of 1 to 128 letters, digits, "_" and "-"',
  (value) => typeof value === "string" && /^[\w-]{1,128}$/.test(value),
);

/** The id of a schedule has no colon: BullMQ stores the next turn of schedule "x" as "x:<time>". */
export const scheduleId: Check = is(
  `a string of 1 to ${MAX_NAME} characters without ":", control characters or lone surrogates`,
  (value) => typeof value === "string" && /^[^:\p{Cc}\p{Cs}]{1,200}$/u.test(value),
);

const RUN: Readonly<Record<string, Check>> = {
  thread: threadName,
  tenant: tenantName,
  id: turnId,
  threadOptions: object,
  tools: isThing("a list of tools and tool names", isToolList),
  onWorkerLost: is('"interrupt" or "retry"', (value) => value === "interrupt" || value === "retry"),
  priority: is(
    "a whole number from 1 to 2,097,152",
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 2_097_152,
  ),
  delayMs: is(
    "a number of milliseconds, 0 or more",
    (value) => Number.isFinite(value) && Number(value) >= 0,
  ),
};

/** Refuses intervals that BullMQ would accept, although the turn would then run again without a pause. */
export const repeat: Check = (value) => {
  const fault = object(value);
  if (fault) return fault;
  const { every } = value as { readonly every?: unknown };
  if (every === undefined || (Number.isSafeInteger(every) && Number(every) >= 1)) return undefined;
  return `.every must be a whole number of milliseconds of at least 1, not ${show(every)}`;
};

/**
 * Splits the options of `run` into the fleet's and the turn's.
 * @throws TypeError for an unknown option, or a value of the wrong type.
 */
export function splitRunOptions(
  subject: string,
  options: object,
): { readonly own: Record<string, unknown>; readonly turn: Record<string, unknown> } {
  const own: Record<string, unknown> = {};
  const turn: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(ownCopy(options))) {
    (Object.hasOwn(RUN, name) ? own : turn)[name] = value;
  }
  requireOptions(subject, own, RUN);
  checkCall("turn", subject, turn as never);
  for (const name of ["signal", "timeoutMs", "clientUserMessageId"]) {
    if (turn[name] === undefined) continue;
    throw new TypeError(
      `${subject} has no option ${name}: pass signal and timeoutMs to the turn's run() or stream()`,
    );
  }
  if (own.threadOptions) checkCall("threadStart", subject, own.threadOptions as never);
  return { own, turn };
}

function isToolList(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return value.every((one) => typeof one === "string" || typeof one?.spec?.name === "string");
}
