import type { Codex, Thread } from "../../src/index.ts";
import type { HandleBook } from "./handle-book.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { Oracle } from "./oracle.ts";
import { show } from "./show.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { WorldThread } from "./world.ts";

interface Parts {
  readonly codex: Codex;
  readonly clock: VirtualClock;
  readonly server: MisbehavingServer;
  readonly oracle: Oracle;
  readonly handles: HandleBook;
}

/** The server's own turns, commands and waits are shorter than this. */
const MAX_QUIET_MS = 5 * 60_000;
const MAX_RUN_MS = 3 * 60_000;
/** A lost connection to a server that behaves correctly is re-established within the backoff. */
const MAX_CONNECT_MS = 60_000;

/** How long the server's last faults can have an effect, such as an answer that never comes. */
const AFTERMATH_MS = 3_000;

const UNSUBSCRIBED = /unsubscribed/;

/**
 * When the server behaves correctly and nothing is in progress, a new turn completes on every
 * thread that is held.
 */
export async function checkQuiet(parts: Parts): Promise<void> {
  const { clock, server, oracle, codex } = parts;
  server.calm();
  const { world, asks } = server;
  const isQuiet = () => world.isQuiet && asks.areQuiet;
  if (clock.isExhausted) return;
  await clock.pass(AFTERMATH_MS);
  if (!(await clock.run(isQuiet, MAX_QUIET_MS))) oracle.fault("[harness] the world is not quiet");
  let isOver = false;
  codex.closed.then(() => {
    isOver = true;
  });
  for (const thread of parts.handles.threads) {
    await clock.run(() => isOver || codex.status.state === "ready", MAX_CONNECT_MS);
    if (!isOver) await checkThread(parts, thread, () => isOver);
  }
}

async function checkThread(parts: Parts, thread: Thread, isOver: () => boolean): Promise<void> {
  const { server, oracle, codex, clock } = parts;
  const own = server.world.threads.get(thread.id);
  if (!own) return;
  const subscribed = server.line?.subscribed.has(thread.id) === true;
  const { missing, hollow } = server.traffic;
  // A client whose request to unsubscribe wasn't answered properly doesn't know that it has
  // unsubscribed.
  const isUnaware = !subscribed && missing + hollow > 0;
  const cannot = isUnaware || cannotRun(own, subscribed, clock.now);
  const first = await attempt(parts, own, () => thread.run("a last question"));
  if (first === "completed" || isOver()) return;
  if (first === undefined) return oracle.fault(`[stuck] a new turn on ${own.id} never ends`);
  if (cannot || !server.traffic.hasRetries) return;
  if (!UNSUBSCRIBED.test(first)) {
    return oracle.fault(
      `[stuck] no new turn runs on ${own.id} although nothing is in progress: ${first}`,
    );
  }
  const run = async () => (await codex.threadResume(own.id)).run("a last question");
  const second = await attempt(parts, own, run);
  if (second === "completed" || isOver()) return;
  oracle.fault(`[stuck] ${own.id} was left and resumed, and no turn runs on it: ${second}`);
}

/** How the turn ends: its status, an error, or undefined if it doesn't end. */
async function attempt(
  { clock, oracle }: Parts,
  thread: WorldThread,
  run: () => ReturnType<Thread["run"]>,
): Promise<string | undefined> {
  let outcome: string | undefined;
  run().then(
    (result) => {
      outcome = result.status;
      const turn = thread.turns.find(({ id }) => id === result.turnId);
      if (!turn) oracle.fault(`[unknown] ${result.turnId} is not on ${thread.id}`);
      else if (result.text !== turn.text) oracle.fault(`[text] of the last turn of ${thread.id}`);
    },
    (error: unknown) => {
      outcome = show(error);
    },
  );
  await clock.run(() => outcome !== undefined, MAX_RUN_MS);
  return outcome;
}

/** Whether the server itself can't let this client run a turn there, or see it. */
function cannotRun(thread: WorldThread, isSubscribed: boolean, now: number): boolean {
  return thread.gone || (!isSubscribed && thread.written(now).length === 0);
}
