import type { MisbehavingServer } from "./misbehaving-server.ts";
import { completeItem, startItem } from "./parts.ts";
import { begin, play, type Steps } from "./turn-life.ts";
import type { WorldThread } from "./world.ts";
import type { WorldTurn } from "./world-turn.ts";

/**
 * Starts a sub-agent: a separate thread on the same connection, for which no `thread/started`
 * is sent. The turn may wait for its end.
 */
export function* spawn(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  work: (server: MisbehavingServer, thread: WorldThread, turn: WorldTurn) => Steps,
): Steps {
  const { world, random, clock, line } = server;
  const { hasTools, lagMs } = thread;
  const child = world.addThread({ parentId: thread.id, hasTools, lagMs });
  const activity = (kind: string) => ({
    id: world.nextItemId(),
    type: "subAgentActivity",
    ...{ kind, agentThreadId: child.id, agentPath: "/root/kid" },
  });
  if (line?.subscribed.has(thread.id)) line.subscribed.add(child.id);
  const isStatusFirst = random.chance(0.3);
  if (isStatusFirst) server.tellStatus(child);
  const item = startItem(server, thread, turn, activity("started"));
  child.activityId = item.id;
  if (!isStatusFirst) server.tellStatus(child);
  completeItem(server, thread, turn, item);
  const own = world.addTurn(child, {
    kind: "child",
    line: undefined,
    isOthers: turn.isOthers,
    at: clock.now,
  });
  own.parentTurn = turn;
  let whenDone: (() => void) | undefined;
  own.onEnd = () => {
    if (!turn.crashed) {
      const done = startItem(server, thread, turn, activity("completed"));
      completeItem(server, thread, turn, done);
    }
    whenDone?.();
  };
  clock.after(random.between(2, 8), () => {
    if (!own.isActive) return;
    begin(server, child, own);
    play(server, work(server, child, own), () => !own.isActive);
  });
  if (random.chance(0.5)) return;
  yield (goOn) => {
    if (!own.isActive) goOn();
    whenDone = goOn;
  };
}
