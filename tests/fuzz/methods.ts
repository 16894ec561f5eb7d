import { give, type LateAnswer, Refusal } from "./answers.ts";
import type { Call } from "./desk.ts";
import { loadedThread, threadOf, writtenThread } from "./look-up.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { endTerminals, listTerminals } from "./part-command.ts";
import {
  addToQueue,
  interruptTurn,
  setGoal,
  startCompacting,
  startReview,
  startShellCommand,
  startTurn,
  steerTurn,
} from "./starters.ts";
import { tellGoal } from "./system-turns.ts";
import { endTurn } from "./turn-life.ts";
import type { WorldThread } from "./world.ts";

/** Does what was requested, and returns the answer. */
export function answerTo(server: MisbehavingServer, call: Call): LateAnswer {
  try {
    return perform(server, call);
  } catch (error) {
    const { message } = error as Error;
    const code = error instanceof Refusal ? error.code : -32600;
    return { body: () => ({ error: { code, message } }) };
  }
}

function perform(server: MisbehavingServer, call: Call): LateAnswer {
  const { line } = server;
  const { method, params } = call;
  switch (method) {
    case "initialize":
      return give({ userAgent: "fuzz/1.0.0 (memory)" });
    case "model/list":
    case "thread/loaded/list":
      return give({ data: [], nextCursor: null });
    case "command/exec":
      return { ...give({ exitCode: 0, stdout: "", stderr: "" }), afterMs: 20_000 };
    case "thread/start":
      return startThread(server, params);
    case "thread/resume":
      return resume(server, writtenThread(server, params));
    case "thread/fork":
      return fork(server, writtenThread(server, params));
    case "thread/list":
      return { body: () => ({ result: list(server, params) }) };
    case "thread/read":
      return read(server, threadOf(server, params), params);
    case "thread/turns/list":
      return listTurns(server, threadOf(server, params), params);
    case "thread/name/set":
      threadOf(server, params);
      return give({});
    case "thread/unsubscribe":
      line?.subscribed.delete(String(params.threadId));
      return give({ status: "unsubscribed" });
    case "thread/backgroundTerminals/clean":
      endTerminals(server, loadedThread(server, params), (_, turn) => !turn.isActive);
      return give({});
    case "thread/backgroundTerminals/list":
      if (!server.temper.listsTerminals) throw unknownMethod(method);
      return give(listTerminals(loadedThread(server, params)));
    case "thread/backgroundTerminals/terminate": {
      const thread = loadedThread(server, params);
      return give({ terminated: endTerminals(server, thread, (id) => id === params.processId) });
    }
    case "thread/compact/start":
      return startCompacting(server, loadedThread(server, params));
    case "thread/shellCommand":
      return startShellCommand(server, loadedThread(server, params));
    case "thread/queue/add":
      return addToQueue(server, loadedThread(server, params), params);
    case "thread/queue/list":
      return give({ data: loadedThread(server, params).queue.map(({ text }) => ({ id: text })) });
    case "thread/goal/set":
      return setGoal(server, loadedThread(server, params));
    case "review/start":
      return startReview(server, loadedThread(server, params));
    case "turn/start":
      return startTurn(server, loadedThread(server, params), params);
    case "turn/steer":
      return steerTurn(loadedThread(server, params), params);
    case "turn/interrupt":
      return interruptTurn(server, loadedThread(server, params), params);
    default:
      throw unknownMethod(method);
  }
}

function unknownMethod(method: string): Error {
  return new Error(`unknown variant \`${method}\`, expected one of \`initialize\``);
}

function startThread(server: MisbehavingServer, params: Call["params"]): LateAnswer {
  const { world, line, random } = server;
  const lagMs = server.shows("lateHistory", 0.7) ? random.between(1, 3_000) : 0;
  const hasTools = Array.isArray(params.dynamicTools);
  const thread = world.addThread({ ephemeral: params.ephemeral === true, hasTools, lagMs });
  line?.subscribed.add(thread.id);
  const started = () => {
    thread.isShared = true;
    server.send({ method: "thread/started", params: { thread: thread.wire } });
  };
  return { ...give({ thread: thread.wire }), afterwards: started };
}

function resume(server: MisbehavingServer, thread: WorldThread): LateAnswer {
  const { line, clock } = server;
  const isLoaded = thread.loaded;
  thread.loaded = true;
  if (!isLoaded) server.tellStatus(thread);
  line?.subscribed.add(thread.id);
  let isActive = false;
  return {
    body: () => {
      isActive = thread.active !== undefined;
      if (server.shows("chunks", 0.5)) endInOneChunk(server, thread);
      return { result: { thread: thread.resumedWire } };
    },
    delivered: () => server.knowsStatus(thread, isActive),
    afterwards: () => {
      if (server.line !== line) return;
      const last = thread.turns.findLast(({ kind }) => kind !== "shell");
      if (!isLoaded && last) {
        const usage = { turnId: last.id, tokenUsage: { total: { totalTokens: 1 } } };
        server.tell(thread, "thread/tokenUsage/updated", usage);
      }
      tellGoal(server, thread);
      for (const ask of server.asks.open(thread.id)) {
        if (!line || ask.connection === line.id) continue;
        ask.connection = line.id;
        ask.sent++;
        // After the answer, under the same id.
        clock.after(0, () => ask.over || server.send(ask.message));
      }
    },
  };
}

/**
 * For a thread whose turn is just ending: the answer, the last status and the end arrive together.
 */
function endInOneChunk(server: MisbehavingServer, thread: WorldThread): void {
  const { line, clock, random, asks } = server;
  const { active } = thread;
  if (!line || !active?.hasBegun || active.pending.length > 0) return;
  // A turn isn't completed in the middle of an item.
  if (!active.takesMessages || active.unfinished.length > 0 || asks.open(thread.id).length > 0) {
    return;
  }
  line.outbox.hold(random.between(2, 8));
  clock.after(1, () => {
    const isDone = active.pending.length + active.unfinished.length === 0;
    if (isDone) endTurn(server, thread, active, "completed");
  });
}

function fork(server: MisbehavingServer, thread: WorldThread): LateAnswer {
  const { world, line, clock } = server;
  const child = world.addThread({ hasTools: thread.hasTools });
  const turn = world.addTurn(child, { kind: "message", line: undefined, at: clock.now });
  const wire = { id: world.nextItemId(), type: "userMessage" };
  const item = { id: wire.id, type: wire.type, text: "", wire, completedAt: undefined };
  turn.complete({ ...item, isLate: false }, clock.now);
  turn.end("completed", clock.now);
  line?.subscribed.add(child.id);
  return give({ thread: child.wire });
}

/** A client that asks for the same page this often will never stop. */
const MAX_LISTED = 60;

function list(server: MisbehavingServer, { cursor }: Call["params"]): object {
  const { world, clock } = server;
  if (cursor != null && ++server.listed > MAX_LISTED) {
    server.fault("[list] the client asks for the same page again and again");
    return { data: [], nextCursor: null };
  }
  const threads = [...world.threads.values()].filter((one) => one.written(clock.now).length > 0);
  const page = cursor == null ? threads.slice(0, 2) : threads.slice(2);
  const hasMore = server.temper.habits.has("repeatsCursors") || (cursor == null && threads[2]);
  return { data: page.map(({ wire }) => wire), nextCursor: hasMore ? "next" : null };
}

function read(
  server: MisbehavingServer,
  thread: WorldThread,
  { includeTurns }: Call["params"],
): LateAnswer {
  if (includeTurns === true && thread.ephemeral) {
    throw new Error("ephemeral threads do not support includeTurns");
  }
  if (includeTurns === true && thread.written(server.clock.now).length === 0) {
    throw new Refusal(-32601, "list_turns is not supported yet");
  }
  let isActive = false;
  return {
    delivered: () => server.knowsStatus(thread, isActive),
    body: () => {
      isActive = thread.active !== undefined;
      const turns = includeTurns === true ? thread.listed(server.clock.now) : [];
      const status = thread.loaded ? {} : { status: { type: "notLoaded" } };
      return { result: { thread: { ...thread.wire, ...status, turns } } };
    },
  };
}

function listTurns(
  server: MisbehavingServer,
  thread: WorldThread,
  { limit, sortDirection, cursor }: Call["params"],
): LateAnswer {
  if (thread.ephemeral) throw new Error("ephemeral threads do not support thread/turns/list");
  if (thread.written(server.clock.now).length === 0) {
    const why = "thread/turns/list is unavailable before first user message";
    throw new Error(`thread ${thread.id} is not materialized yet; ${why}`);
  }
  return {
    body: () => {
      const turns = thread.listed(server.clock.now);
      if (sortDirection !== "asc") turns.reverse();
      const from = Number(cursor ?? 0);
      const to = from + Number(limit ?? 25);
      const nextCursor = to < turns.length ? String(to) : null;
      return { result: { data: turns.slice(from, to), nextCursor } };
    },
  };
}
