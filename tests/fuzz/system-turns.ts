import type { MisbehavingServer } from "./misbehaving-server.ts";
import { command } from "./part-command.ts";
import { completeItem, note, sayUsers, startItem } from "./parts.ts";
import { begin, beginLater, endTurn, play, type Steps } from "./turn-life.ts";
import { messageTurn, work } from "./turn-script.ts";
import type { WorldThread } from "./world.ts";
import type { WorldTurn } from "./world-turn.ts";

/** A turn that runs one shell command for the user, without the model. */
export function* shell(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Steps {
  yield* command(server, thread, turn, { source: "userShell" });
  // Messages that were steered into it are stored but not answered.
  sayUsers(server, thread, turn);
  endTurn(server, thread, turn, "completed");
}

/**
 * Interrupts the running turn to make room for another one; a turn that hasn't started yet is
 * started first.
 */
export function displace(server: MisbehavingServer, thread: WorldThread): void {
  const { active } = thread;
  if (!active) return;
  if (!active.hasBegun) {
    begin(server, thread, active);
    if (active.takesMessages) sayUsers(server, thread, active);
  }
  endTurn(server, thread, active, "interrupted");
}

/** Starts at once; a running turn is interrupted. */
export function startCompaction(
  server: MisbehavingServer,
  thread: WorldThread,
  line: number | undefined,
): void {
  displace(server, thread);
  const turn = server.world.addTurn(thread, { kind: "compaction", line, at: server.clock.now });
  beginLater(server, thread, turn, () => compaction(server, thread, turn));
}

function* compaction(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Steps {
  const { random, world } = server;
  const wire = { id: world.nextItemId(), type: "contextCompaction" };
  const item = startItem(server, thread, turn, wire);
  yield random.pick([5, 40, 800]);
  usage(server, thread, turn);
  if (!server.isCalm && random.chance(0.1)) {
    endTurn(server, thread, turn, "failed");
    return;
  }
  completeItem(server, thread, turn, item);
  endTurn(server, thread, turn, "completed");
}

/** Its first items arrive before its start, which has a different id than its items. */
export function review(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): void {
  const { random, clock, world } = server;
  const whole = (type: string, more: object = {}) => {
    const wire = { id: world.nextItemId(), type, ...more };
    completeItem(server, thread, turn, startItem(server, thread, turn, wire));
  };
  if (!turn.isActive) return;
  whole("enteredReviewMode", { review: "look" });
  function* steps(): Steps {
    whole("userMessage", { clientId: null, content: [{ type: "text", text: "look" }] });
    // This item never gets any text, and is never completed.
    const phantom = { id: world.nextItemId(), type: "agentMessage", text: "", phase: null };
    startItem(server, thread, turn, phantom);
    yield random.pick([5, 50, 700]);
    whole("exitedReviewMode", { review: "fine" });
    whole("agentMessage", { text: "fine", phase: null });
    endTurn(server, thread, turn, "completed");
  }
  clock.after(random.between(8, 20), () => {
    if (!turn.isActive) return;
    begin(server, thread, turn);
    play(server, steps(), () => !turn.isActive);
  });
}

/** Continues with the queue, then with the goal. An interrupted turn pauses both. */
export function afterTurn(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): void {
  thread.isPaused = turn.status === "interrupted";
  if (thread.isPaused) {
    thread.goalTurns = 0;
    endGoal(server, thread, "paused");
    return;
  }
  if (thread.queue.length > 0) runQueue(server, thread);
  else goOnWithGoal(server, thread);
}

/** The thread's goal, as the server reports it. */
export function goalOf({ id, goal }: WorldThread): object {
  return { threadId: id, objective: "all done", status: goal };
}

/** Reports the goal: whenever it changes, and when a client resumes the thread. */
export function tellGoal(server: MisbehavingServer, thread: WorldThread): void {
  if (thread.goal === undefined) server.tellAll(thread, "thread/goal/cleared", {});
  else server.tellAll(thread, "thread/goal/updated", { turnId: null, goal: goalOf(thread) });
}

function endGoal(
  server: MisbehavingServer,
  thread: WorldThread,
  state: "paused" | "complete",
): void {
  if (thread.goal !== "active") return;
  thread.goal = state;
  tellGoal(server, thread);
}

/** Starts the next message of the queue, unless the thread is active. */
export function runQueue(server: MisbehavingServer, thread: WorldThread): void {
  if (thread.active) return;
  const next = thread.queue.shift();
  if (next === undefined) return;
  const { line, ...message } = next;
  server.tellAll(thread, "thread/queue/changed", {});
  const isOthers = line === undefined;
  const at = server.clock.now;
  const turn = server.world.addTurn(thread, { kind: "queue", line, isOthers, at });
  turn.pending.push(message);
  beginLater(server, thread, turn, () => messageTurn(server, thread, turn));
}

/** The server's next turn for the goal; a client's start that arrives earlier takes precedence. */
export function goOnWithGoal(server: MisbehavingServer, thread: WorldThread): void {
  if (thread.goal !== "active") return;
  server.clock.after(server.random.between(2, 9), () => {
    if (thread.active || thread.goal !== "active") return;
    if (thread.goalTurns === 0) {
      endGoal(server, thread, "complete");
      return;
    }
    thread.goalTurns--;
    const at = server.clock.now;
    const turn = server.world.addTurn(thread, { kind: "goal", line: server.line?.id, at });
    beginLater(server, thread, turn, () => work(server, thread, turn));
  });
}

function usage(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): void {
  note(server, thread, turn, "thread/tokenUsage/updated", {
    tokenUsage: { total: { totalTokens: 1 } },
  });
}
