import type { MisbehavingServer } from "./misbehaving-server.ts";
import { startForAnother } from "./starters.ts";
import { startCompaction } from "./system-turns.ts";
import { endTurn } from "./turn-life.ts";

/** Users act for at most five seconds; others a little longer. */
const UNTIL_MS = 12_000;

/**
 * Other clients of the same server: they start, steer and interrupt turns, and the server sends
 * warnings.
 */
export function unleashOthers(server: MisbehavingServer): void {
  const { random, clock, temper } = server;
  const mayShare = temper.outlives && temper.habits.has("otherClients");
  const act = () => {
    if (server.isCalm || clock.now > UNTIL_MS) return;
    if (mayShare) meddle(server);
    if (server.shows("warnings", 0.2)) warn(server);
    clock.after(random.between(5, 400), act);
  };
  clock.after(random.between(5, 400), act);
}

function meddle(server: MisbehavingServer): void {
  const { random, world } = server;
  const threads = [...world.threads.values()].filter(
    (one) => one.isShared && one.loaded && !one.gone,
  );
  const thread = threads.length > 0 ? random.pick(threads) : undefined;
  if (!thread || thread.parentId !== undefined) return;
  switch (random.weighted({ turn: 4, compaction: 0.7, interrupt: 1, queue: 1 })) {
    case "turn":
      startForAnother(server, thread);
      return;
    case "compaction":
      startCompaction(server, thread, undefined);
      return;
    case "interrupt":
      if (thread.active?.hasBegun) endTurn(server, thread, thread.active, "interrupted");
      return;
    case "queue":
      if (!thread.active || thread.ephemeral) return;
      thread.queue.push({ clientId: "another's", text: "queued by another", line: undefined });
      server.tellAll(thread, "thread/queue/changed", {});
  }
}

/** Each once; a warning that is lost with a connection needn't be reported. */
function warn(server: MisbehavingServer): void {
  const { random, warnings, line } = server;
  if (!line?.isGreeted) return;
  const text = `warning ${warnings.size + 1} of the server`;
  const message = random.pick([
    { method: "warning", params: { threadId: null, message: text } },
    { method: "configWarning", params: { summary: text, details: null } },
    { method: "deprecationNotice", params: { summary: text, details: null } },
  ]);
  // A notice may be about something that the client itself uses, and irrelevant to its user.
  const isOwed = message.method !== "deprecationNotice";
  // A client that has closed by then reads no more.
  server.send(message, () => {
    if (server.line === line) warnings.set(text, isOwed);
  });
}
