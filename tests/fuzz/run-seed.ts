import { getEventListeners } from "node:events";
import { Codex } from "../../src/index.ts";
import { seededHandlers } from "./handlers.ts";
import { MisbehavingServer } from "./misbehaving-server.ts";
import { Oracle } from "./oracle.ts";
import { Random } from "./random.ts";
import { temperOf } from "./temper.ts";
import { SeededUser } from "./user.ts";
import { settle, VirtualClock } from "./virtual-clock.ts";

export interface SeedReport {
  readonly seed: number;
  /** Nothing when all was well. */
  readonly faults: readonly string[];
  /** All that passed between the two, and what came of it. */
  readonly log: readonly string[];
}

/** In virtual time; whatever the server does, nothing may wait longer. */
const MAX_WAIT_MS = 10 * 60_000;

/** Plays one seed to its end, and gives what was wrong. */
export async function runSeed(seed: number): Promise<SeedReport> {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const log = (line: string) => void lines.push(`${String(clock.now).padStart(6)} ${line}`);
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", onUnhandled);
  const restore = clock.install();
  try {
    const faults = await play(seed, clock, log);
    await settle();
    for (const reason of unhandled) {
      faults.push(`unhandled: ${reason instanceof Error ? reason.stack : String(reason)}`);
    }
    return { seed, faults, log: lines };
  } finally {
    restore();
    process.off("unhandledRejection", onUnhandled);
  }
}

async function play(
  seed: number,
  clock: VirtualClock,
  log: (line: string) => void,
): Promise<string[]> {
  const random = new Random(seed);
  const temper = temperOf(random);
  log(`seed ${seed}: ${JSON.stringify(temper)}`);
  const server = new MisbehavingServer({ random: random.fork(), clock, temper, log });
  const oracle = new Oracle(server, log);
  const controller = new AbortController();
  const codex: Codex = new Codex({
    transport: server.endpoint,
    requestTimeoutMs: random.pick([50, 300, 2_000]),
    turnIdleMs: random.pick([100, 400, 2_000]),
    retryOnOverload: random.pick([false, { maxAttempts: 4, initialDelayMs: 5, jitterRatio: 0 }]),
    reconnect: random.pick([false, { maxAttempts: 5, initialDelayMs: 10, jitterRatio: 0 }]),
    ...(temper.restarts && { restart: { backoff: { initialDelayMs: 10, jitterRatio: 0 } } }),
    ...seededHandlers({ random: random.fork(), clock, asks: server.asks, client: () => codex }),
    onWarning: ({ code }) => log(`· warning ${code}`),
    signal: controller.signal,
  });
  const user = new SeededUser({ codex, random: random.fork(), clock, oracle, server });
  user.signals.push(controller.signal);

  oracle.watch("the user's acts", () => user.act());
  if (!(await clock.run(() => oracle.isQuiet, MAX_WAIT_MS))) {
    for (const what of oracle.open) oracle.fault(`does not settle: ${what}`);
  }
  await close(codex, user, clock, oracle);
  return [...oracle.faults, ...server.faults, ...leaks(user, server, clock)];
}

/** After it all must have ended, and each call must fail at once. */
async function close(codex: Codex, user: SeededUser, clock: VirtualClock, oracle: Oracle) {
  let closed = false;
  const ended = Promise.all([codex.close(), codex.closed, ...user.untilClose]);
  ended.then(() => {
    closed = true;
  });
  const settled = await clock.run(() => closed && oracle.isQuiet, MAX_WAIT_MS);
  if (!closed) oracle.fault("close() or what ends with it does not settle");
  if (!settled) for (const what of oracle.open) oracle.fault(`outlives close(): ${what}`);
  await codex.models().then(
    () => oracle.fault("a call after close() succeeds"),
    () => {},
  );
}

function leaks(user: SeededUser, server: MisbehavingServer, clock: VirtualClock): string[] {
  const listeners = user.signals.flatMap((signal) => getEventListeners(signal, "abort")).length;
  return [
    ...(clock.timers > 0 ? [`${clock.timers} timers are left after close()`] : []),
    ...(listeners > 0 ? [`${listeners} listeners are left on the user's signals`] : []),
    ...(server.isConnected ? ["the connection is left open after close()"] : []),
  ];
}
