import { getEventListeners } from "node:events";
import { Codex, tool } from "../../src/index.ts";
import { drawOptions } from "./client-options.ts";
import { collect } from "./garbage.ts";
import { HandleBook } from "./handle-book.ts";
import { judgeWorld } from "./judge-world.ts";
import { LimitMaker } from "./limits.ts";
import { MisbehavingServer } from "./misbehaving-server.ts";
import { Oracle } from "./oracle.ts";
import { unleashOthers } from "./others.ts";
import { checkQuiet } from "./quiet.ts";
import { Random } from "./random.ts";
import { checkRetention } from "./retention.ts";
import { showStack } from "./show.ts";
import { catchStrayErrors } from "./stray-errors.ts";
import { temperOf } from "./temper.ts";
import { SeededUser } from "./user.ts";
import { settle, VirtualClock } from "./virtual-clock.ts";

export interface SeedReport {
  readonly seed: number;
  /** The faults; empty if there are none. Each begins with its kind in brackets. */
  readonly faults: readonly string[];
}

/** In virtual time. Nothing may wait longer, no matter what the server does. */
const MAX_WAIT_MS = 10 * 60_000;

/** A stream needs a few rounds of the event loop after its end. */
const SETTLINGS = 5;

/** Loads the modules that are loaded on first use, because that takes real time. */
export async function warmUp(): Promise<void> {
  const context = { threadId: "", turnId: "", callId: "", signal: new AbortController().signal };
  await tool({
    name: "nothing",
    description: "Does nothing.",
    input: { type: "object" },
    execute: () => "",
  }).call({}, context);
}

/**
 * Plays one seed to its end, and returns the faults. `onLine` receives a line for everything
 * that client and server exchange, and for the outcomes.
 */
export async function runSeed(seed: number, onLine?: (line: string) => void): Promise<SeedReport> {
  const clock = new VirtualClock();
  const log = (line: string) => onLine?.(`${String(clock.now).padStart(6)} ${line}`);
  const stray = catchStrayErrors((error) => log(`! nobody catches ${showStack(error)}`));
  clock.onThrow = stray.note;
  const chance = new Random(seed).fork();
  const restore = clock.install(() => chance.next());
  try {
    const faults = await play(seed, clock, log);
    for (let count = 0; count < SETTLINGS; count++) await settle();
    faults.push(...stray.errors.map((error) => `[uncaught] ${showStack(error)}`));
    return { seed, faults: [...new Set(faults)] };
  } finally {
    restore();
    stray.stop();
  }
}

async function play(
  seed: number,
  clock: VirtualClock,
  log: (line: string) => void,
): Promise<string[]> {
  const random = new Random(seed);
  const temper = temperOf(random);
  log(`seed ${seed}: ${JSON.stringify({ ...temper, habits: [...temper.habits] })}`);
  const server = new MisbehavingServer({ random: random.fork(), clock, temper, log });
  const oracle = new Oracle(server, log);
  const limits = new LimitMaker(random.fork(), clock);
  const handles = new HandleBook(random.fork());
  server.holder = handles;
  const controller = new AbortController();
  limits.signals.push(controller.signal);
  const warnings: string[] = [];
  const options = drawOptions({
    random: random.fork(),
    clock,
    server,
    client: () => codex,
    onWarning: ({ code, message }) => {
      warnings.push(message);
      log(`· warning ${code}: ${message.slice(0, 120)}`);
    },
  });
  const codex: Codex = new Codex({ ...options, signal: controller.signal });
  const user = new SeededUser({
    codex,
    random: random.fork(),
    clock,
    oracle,
    server,
    handles,
    limits,
    requestTimeoutMs: options.requestTimeoutMs,
    collect: temper.collects ? collect : undefined,
  });

  unleashOthers(server);
  oracle.watch("the user's acts", () => user.act());
  const hasSettled = await clock.run(() => oracle.isQuiet, MAX_WAIT_MS);
  if (!hasSettled) {
    for (const what of oracle.hanging(MAX_WAIT_MS)) oracle.fault(`[hangs] ${what}`);
  }
  await checkQuiet({ codex, clock, server, oracle, handles });
  if (temper.collects) await checkRetention({ codex, clock, server, oracle, handles, user });
  await close(codex, user, clock, oracle);
  return [
    ...oracle.faults,
    ...server.faults,
    ...judgeWorld(server, warnings),
    ...leaks(limits, server, clock),
  ];
}

/** Afterwards, everything must have ended, and each call must fail at once. */
async function close(codex: Codex, user: SeededUser, clock: VirtualClock, oracle: Oracle) {
  let isClosed = false;
  const ended = Promise.all([codex.close(), codex.closed, ...user.listening.untilClose]);
  ended.then(() => {
    isClosed = true;
  });
  const hasSettled = await clock.run(() => isClosed && oracle.isQuiet, MAX_WAIT_MS);
  if (!isClosed) oracle.fault("[hangs] close(), or something that ends with it");
  if (!hasSettled) {
    for (const what of oracle.hanging(Infinity)) oracle.fault(`[hangs] after close(): ${what}`);
  }
  let outcome: string | undefined;
  codex.modelList().then(
    () => {
      outcome = "succeeds";
    },
    () => {
      outcome = "fails";
    },
  );
  await clock.run(() => outcome !== undefined, 0);
  if (outcome !== "fails") oracle.fault(`[closed] a call after close() ${outcome ?? "hangs"}`);
}

function leaks(limits: LimitMaker, server: MisbehavingServer, clock: VirtualClock): string[] {
  const listeners = limits.signals.flatMap((signal) => getEventListeners(signal, "abort")).length;
  return [
    ...(clock.isExhausted ? ["[endless] timers fire again and again"] : []),
    ...(clock.timers > 0 ? [`[timers] ${clock.timers} are left after close()`] : []),
    ...(listeners > 0 ? [`[listeners] ${listeners} are left on the user's signals`] : []),
    ...(server.line ? ["[connections] one is left open after close()"] : []),
  ];
}
