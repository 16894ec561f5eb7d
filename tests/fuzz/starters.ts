import { give, type LateAnswer, Refusal } from "./answers.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { isAgents, startCommand } from "./part-command.ts";
import {
  displace,
  goalOf,
  goOnWithGoal,
  review,
  runQueue,
  shell,
  startCompaction,
  tellGoal,
} from "./system-turns.ts";
import { beginLater, endTurn } from "./turn-life.ts";
import { messageTurn } from "./turn-script.ts";
import type { WorldThread } from "./world.ts";
import type { Steered, WorldTurn } from "./world-turn.ts";

type Params = Readonly<Record<string, unknown>>;

/** Bytes can take a moment to arrive: the client has read a message this long after it was sent. */
const READ_MS = 3;

export function startTurn(
  server: MisbehavingServer,
  thread: WorldThread,
  params: Params,
): LateAnswer {
  const { active } = thread;
  const message = { clientId: textOrNothing(params.clientUserMessageId), text: textOf(params) };
  noteSteer(server, thread, "turn/start", { isRaw: /^raw/.test(message.text) });
  server.onStart?.(thread, message.text);
  const turn = active ? steerInto(active, message) : newTurn(server, thread, message);
  return { body: () => ({ result: { turn: { ...turn.wire, status: "inProgress" } } }) };
}

/** A turn that another client starts, at any time. */
export function startForAnother(server: MisbehavingServer, thread: WorldThread): void {
  const message = { clientId: "another's", text: "another's message" };
  if (!thread.active) newTurn(server, thread, message, { isOurs: false });
  else if (thread.active.takesMessages) steerInto(thread.active, message);
}

export function steerTurn(thread: WorldThread, params: Params): LateAnswer {
  const { active } = thread;
  if (!active) throw new Error("no active turn to steer");
  if (active.startedId !== params.expectedTurnId) throw wrongTurn(active, params.expectedTurnId);
  steerInto(active, { clientId: undefined, text: textOf(params) });
  return give({ turnId: active.id });
}

export function interruptTurn(
  server: MisbehavingServer,
  thread: WorldThread,
  params: Params,
): LateAnswer {
  const { active } = thread;
  if (!active?.hasBegun) throw new Error("no active turn to interrupt");
  if (active.startedId !== params.turnId) throw wrongTurn(active, params.turnId);
  checkStop(server, active);
  // It is answered when it has been executed, just before the turn ends.
  return {
    ...give({}),
    afterMs: server.random.between(0, 20),
    afterwards: () => endTurn(server, thread, active, "interrupted"),
  };
}

/** How long after an interruption everything that the turn has started must have ended. */
const STOP_MS = 6_000;

/** The commands and sub-agents of an interrupted turn end with it. */
function checkStop(server: MisbehavingServer, turn: WorldTurn): void {
  const { clock, line, world, traffic } = server;
  clock.after(STOP_MS, () => {
    const wasHindered = traffic.missing + traffic.refused + traffic.overloads > 0;
    if (wasHindered || server.line !== line || turn.crashed) return;
    if (turn.status !== "interrupted") return;
    // Users' commands don't belong to the turn, and the client doesn't know one that it hasn't
    // seen.
    const own = [...turn.running.keys()].filter(
      (item) => isAgents(item) && server.announced.has(item.id),
    );
    const commands = own.map(({ id }) => id);
    if (commands.length > 0) server.fault(`[stopped] ${turn.id} was, but not its ${commands}`);
    for (const { id, active } of world.threads.values()) {
      const parent = active?.kind === "child" && active.parentTurn;
      if (parent === turn) server.fault(`[stopped] ${turn.id} was, but not its sub-agent ${id}`);
    }
  });
}

export function startShellCommand(server: MisbehavingServer, thread: WorldThread): LateAnswer {
  noteSteer(server, thread, "thread/shellCommand");
  const { active } = thread;
  if (active) {
    startCommand(server, thread, active, { source: "userShell" });
    return give({});
  }
  const turn = server.world.addTurn(thread, {
    kind: "shell",
    line: server.line?.id,
    at: server.clock.now,
  });
  beginLater(server, thread, turn, () => shell(server, thread, turn));
  return give({});
}

export function startCompacting(server: MisbehavingServer, thread: WorldThread): LateAnswer {
  noteSteer(server, thread, "thread/compact/start");
  startCompaction(server, thread, server.line?.id);
  return give({});
}

export function startReview(server: MisbehavingServer, thread: WorldThread): LateAnswer {
  noteSteer(server, thread, "review/start");
  displace(server, thread);
  const turn = server.world.addTurn(thread, {
    kind: "review",
    line: server.line?.id,
    at: server.clock.now,
  });
  const body = () => ({
    result: { turn: { ...turn.wire, status: "inProgress" }, reviewThreadId: thread.id },
  });
  return { body, afterwards: () => review(server, thread, turn) };
}

export function addToQueue(
  server: MisbehavingServer,
  thread: WorldThread,
  params: Params,
): LateAnswer {
  const { clock, line } = server;
  if (thread.ephemeral) {
    throw new Error(`ephemeral thread does not support queued submissions: ${thread.id}`);
  }
  const clientId = textOrNothing(params.clientUserMessageId);
  thread.queue.push({ clientId, text: textOf(params), line: line?.id });
  const answer = give({ queuedSubmission: { id: `q-${thread.queue.length}` } });
  const changed = () => server.tellAll(thread, "thread/queue/changed", {});
  if (thread.active) return { ...answer, afterwards: changed };
  // On an idle thread, the message is removed again before the answer is sent.
  changed();
  clock.after(0, () => runQueue(server, thread));
  return answer;
}

export function setGoal(server: MisbehavingServer, thread: WorldThread): LateAnswer {
  if (thread.ephemeral) {
    throw new Error(`ephemeral thread does not support goals: ${thread.id}`);
  }
  if (!server.isCalm) thread.goalTurns = server.random.between(1, 3);
  thread.goal = "active";
  return {
    ...give({ goal: goalOf(thread) }),
    afterwards: () => {
      tellGoal(server, thread);
      goOnWithGoal(server, thread);
    },
  };
}

function newTurn(
  server: MisbehavingServer,
  thread: WorldThread,
  message: Steered,
  { isOurs = true } = {},
): WorldTurn {
  const { world, clock, line } = server;
  const turn = world.addTurn(thread, {
    kind: "message",
    line: isOurs ? line?.id : undefined,
    isOthers: !isOurs,
    at: clock.now,
  });
  turn.pending.push(message);
  beginLater(server, thread, turn, () => messageTurn(server, thread, turn));
  return turn;
}

/** A second start on an active thread is treated as a steer. */
function steerInto(turn: WorldTurn, message: Steered): WorldTurn {
  if (!turn.takesMessages) {
    const kind = turn.kind === "review" ? "Review" : "Compact";
    const why = `ActiveTurnNotSteerable { turn_kind: ${kind} }`;
    throw new Refusal(-32603, `failed to submit turn input: ${why}`);
  }
  turn.pending.push(message);
  return turn;
}

/** A client must not start anything on a thread that it knows to be active. */
function noteSteer(
  server: MisbehavingServer,
  thread: WorldThread,
  method: string,
  { isRaw = true } = {},
): void {
  const { line, clock } = server;
  const { active } = thread;
  // A client can't know what it got no proper answer to.
  if (!line || !active || server.traffic.hollow > 0) return;
  const since = line.active.get(thread.id);
  const own = active.line === line.id && active.kind !== "goal";
  const kind = isRaw ? "overtakes" : "steers";
  if (since !== undefined && clock.now - since >= READ_MS) {
    const what = `turn ${active.id} (${active.kind})`;
    server.fault(`[${kind}] ${method} on ${thread.id} while it is known to be running ${what}`);
  } else if (own && clock.now - active.startedAt >= READ_MS) {
    server.fault(`[${kind}] ${method} on ${thread.id} after the client's own ${active.kind}`);
  }
}

function wrongTurn(active: WorldTurn, named: unknown): Error {
  return new Error(`expected active turn id \`${named}\` but found \`${active.startedId}\``);
}

function textOf({ input }: Params): string {
  const [first] = Array.isArray(input) ? input : [];
  return String((first as { text?: unknown } | undefined)?.text ?? "");
}

function textOrNothing(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
