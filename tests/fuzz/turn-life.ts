import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { WorldThread } from "./world.ts";
import type { WorldStatus, WorldTurn } from "./world-turn.ts";

/** What a turn waits for: a number of milliseconds, or a callback. */
export type Wait = number | ((goOn: () => void) => void);
export type Steps = Generator<Wait, void>;

/** Takes one step after another until there are no more, or the turn has ended. */
export function play(server: MisbehavingServer, steps: Steps, isOver: () => boolean): void {
  const goOn = () => {
    if (isOver()) return;
    const { value, done } = steps.next();
    if (done) return;
    if (typeof value === "number") server.clock.after(value, goOn);
    else value(goOn);
  };
  goOn();
}

/** Starts a turn that was requested a moment ago: until then nothing of it is visible. */
export function beginLater(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  steps: () => Steps,
): void {
  const delay = server.roll("early") ? 0 : server.random.between(3, 30);
  server.clock.after(delay, () => {
    if (!turn.isActive) return;
    begin(server, thread, turn);
    play(server, steps(), () => !turn.isActive);
  });
}

export function begin(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): void {
  turn.hasBegun = true;
  server.tellStatus(thread);
  const shown = { ...turn.wire, id: turn.startedId };
  server.tell(thread, "turn/started", { turn: shown });
}

/** Between the status of a failed turn and its end. */
const FAILING_MS = 8;

export function endTurn(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  status: WorldStatus,
): void {
  if (!turn.isActive || turn.isEnding) return;
  turn.isEnding = true;
  if (status !== "failed") {
    conclude(server, thread, turn, status);
    return;
  }
  server.tellAll(thread, "thread/status/changed", { status: { type: "systemError" } });
  const error = { message: "as the seed wants" };
  server.tell(thread, "error", { error, willRetry: false, turnId: turn.id });
  server.clock.after(server.random.between(0, FAILING_MS), () => {
    if (turn.isActive) conclude(server, thread, turn, status);
  });
}

function conclude(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  status: WorldStatus,
): void {
  const { clock, asks } = server;
  turn.end(status, clock.now);
  thread.isHaunted = turn.kind === "review";
  const open = asks.open(thread.id).filter((ask) => ask.turnId === turn.id);
  for (const ask of open) asks.takeBack(ask);
  if (status !== "failed") server.tellStatus(thread);
  const knowsEnd = () => server.knowsStatus(thread, false);
  if (server.roll("hidesEnd") && !thread.ephemeral) {
    server.traffic.hidden++;
    knowsEnd();
  } else {
    server.tell(thread, "turn/completed", { turn: turn.wire }, knowsEnd);
  }
  for (const { id } of open) server.tell(thread, "serverRequest/resolved", { requestId: id });
  turn.onEnd?.();
  server.turnEnded(thread, turn);
}
