import { writeHeapSnapshot } from "node:v8";
import type { Codex, Turn } from "../../src/index.ts";
import { collect, keptOf } from "./garbage.ts";
import type { HandleBook } from "./handle-book.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { Oracle } from "./oracle.ts";
import { note } from "./parts.ts";
import type { SeededUser } from "./user.ts";
import type { VirtualClock } from "./virtual-clock.ts";

interface Parts {
  readonly codex: Codex;
  readonly clock: VirtualClock;
  readonly server: MisbehavingServer;
  readonly oracle: Oracle;
  readonly handles: HandleBook;
  readonly user: SeededUser;
}

/** Bytes can take a moment to arrive. */
const UNDER_WAY_MS = 100;

/** The client may retain the newest few notifications that a reader has read. */
const MAX_KEPT = 10;

/** A reader that is always a few notifications behind keeps only those alive. */
async function checkReader({ codex, clock, server, oracle }: Parts): Promise<void> {
  if (!server.line) return;
  const reader = codex.notifications();
  const read: WeakRef<object>[] = [];
  const ping = (count: number) => server.send({ method: "fuzz/ping", params: { count } });
  ping(0);
  ping(1);
  for (let count = 2; count < 60; count++) {
    ping(count);
    let isRead = false;
    readOne(reader, read).then(() => {
      isRead = true;
    });
    await clock.run(() => isRead, UNDER_WAY_MS);
  }
  const kept = await keptOf(read, MAX_KEPT);
  if (kept > MAX_KEPT) oracle.fault(`[retained] ${kept} notifications that were read`);
  await reader.return?.();
}

/** In a separate function, so that its variables don't outlive it. */
async function readOne(reader: AsyncIterator<object>, read: WeakRef<object>[]): Promise<void> {
  const { value } = await reader.next();
  if (typeof value === "object" && value !== null) read.push(new WeakRef(value));
}

const DIFFS = 60;

/** Each diff of a turn replaces the previous one, which is then no longer needed. */
async function checkDiffs({ clock, server, oracle, handles }: Parts): Promise<void> {
  const thread = handles.threads.find(({ id }) => server.line?.subscribed.has(id));
  const own = thread && server.world.threads.get(thread.id);
  if (!thread || !own) return;
  const diffs: WeakRef<object>[] = [];
  let turn: Turn<undefined> | undefined;
  const reading = (async () => {
    turn = await thread.turn("a question about diffs");
    for await (const one of turn.stream()) {
      if (one.method === "turn/diff/updated") diffs.push(new WeakRef(one));
    }
  })();
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  reading.then(end, end);
  await clock.run(() => isOver || own.active?.hasBegun === true, TIDY_MS);
  const { active } = own;
  for (let count = 0; active?.hasBegun && active.isActive && count < DIFFS; count++) {
    const { length } = diffs;
    note(server, own, active, "turn/diff/updated", { diff: `a diff of ${count} lines` });
    // Each is read before the next one, because unread ones are dropped.
    await clock.run(() => isOver || diffs.length > length, UNDER_WAY_MS);
  }
  await clock.run(() => isOver, MAX_TURN_MS);
  const kept = await keptOf(diffs, MAX_KEPT);
  if (turn && kept > MAX_KEPT) oracle.fault(`[retained] ${kept} diffs that were replaced`);
}

/** How long the client may take to release references, and to clean up after a lost connection. */
const TIDY_MS = 10_000;
const MAX_TURN_MS = 60_000;

/** The client has released everything about threads without handles: tools, settings, recovery. */
export async function checkRetention(parts: Parts): Promise<void> {
  const { clock, server, oracle, handles } = parts;
  await checkReader(parts);
  await checkDiffs(parts);
  handles.clear();
  await collect();
  await clock.pass(TIDY_MS);
  // A request that is never answered is retained as long as its connection, with everything that it
  // refers to.
  if (server.traffic.missing === 0) await checkGiven(parts);
  else await reconnect(parts);
  if (!server.line) return;
  const before = server.traffic.aboutThreads;
  await reconnect(parts);
  await checkGiven(parts);
  const after = server.traffic.aboutThreads - before;
  if (after > 0) oracle.fault(`[retained] ${after} requests about threads without handles`);
}

async function reconnect({ clock, server }: Parts): Promise<void> {
  server.disconnect();
  await clock.pass(TIDY_MS);
  await collect();
}

async function checkGiven({ oracle, user }: Parts): Promise<void> {
  const { given } = user.threads;
  const kept = await keptOf(given);
  if (kept > 0 && process.env.FUZZ_HEAP) writeHeapSnapshot(process.env.FUZZ_HEAP);
  if (kept > 0) oracle.fault(`[retained] ${kept} of ${given.length} tools and settings of threads`);
}
