import type { MisbehavingServer } from "./misbehaving-server.ts";
import { endTurn } from "./turn-script.ts";
import type { WorldThread } from "./world.ts";

export interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type Answer = { readonly result: unknown } | { readonly error: object };
/** Made when it is sent, so that what is read is as it then is. */
type LateAnswer = () => Answer;

/** Does what was asked, and gives what is to be answered. */
export function answerTo(server: MisbehavingServer, call: Call): LateAnswer {
  try {
    return perform(server, call);
  } catch (error) {
    const message = (error as Error).message;
    return () => ({ error: { code: -32600, message } });
  }
}

function perform(server: MisbehavingServer, { method, params }: Call): LateAnswer {
  const { world, line } = server;
  const give =
    (result: unknown): LateAnswer =>
    () => ({ result });
  switch (method) {
    case "initialize":
      return give({ userAgent: "fuzz/1.0.0 (memory)" });
    case "model/list":
    case "thread/loaded/list":
      return give({ data: [], nextCursor: null });
    case "thread/start": {
      const thread = world.addThread();
      line?.subscribed.add(thread.id);
      return give({ thread: thread.wire });
    }
    case "thread/resume":
      return resume(server, threadOf(server, params));
    case "thread/read": {
      const thread = threadOf(server, params);
      return () => ({ result: { thread: thread.wire } });
    }
    case "thread/turns/list": {
      const thread = threadOf(server, params);
      if (thread.turns.length === 0) throw new Error("thread is not materialized yet");
      return () => ({
        result: {
          data: thread.turns
            .slice(-5)
            .map((turn) => turn.wholeWire)
            .reverse(),
        },
      });
    }
    case "thread/name/set":
      threadOf(server, params);
      return give({});
    case "thread/unsubscribe":
      line?.subscribed.delete(threadOf(server, params).id);
      return give({ status: "unsubscribed" });
    case "thread/compact/start": {
      const thread = loaded(server, params);
      if (!thread.active) server.startTurn(thread, undefined, "compaction");
      return give({});
    }
    case "turn/start":
      return startTurn(server, loaded(server, params), params);
    case "turn/steer": {
      const turn = activeTurn(loaded(server, params), params.expectedTurnId, "steer");
      const item = { id: world.nextItemId(), type: "userMessage" };
      turn.items.push(item);
      server.tell(threadOf(server, params), "item/completed", { turnId: turn.id, item });
      return give({ turnId: turn.id });
    }
    case "turn/interrupt": {
      const thread = loaded(server, params);
      const turn = activeTurn(thread, params.turnId, "interrupt");
      server.clock.after(server.random.between(0, 20), () =>
        endTurn(server, thread, turn, "interrupted"),
      );
      return give({});
    }
    default:
      throw new Error(`unknown variant \`${method}\`, expected one of \`initialize\``);
  }
}

function resume(server: MisbehavingServer, thread: WorldThread): LateAnswer {
  if (thread.turns.length === 0) throw new Error(`no rollout found for thread id ${thread.id}`);
  thread.loaded = true;
  const { line } = server;
  line?.subscribed.add(thread.id);
  for (const ask of server.asks.open(thread.id)) {
    if (!line || ask.connection === line.id) continue;
    ask.connection = line.id;
    ask.sent++;
    // After the answer, under the same id.
    server.clock.after(0, () => ask.over || server.send(ask.message));
  }
  return () => ({ result: { thread: thread.wire } });
}

function startTurn(
  server: MisbehavingServer,
  thread: WorldThread,
  { clientUserMessageId }: Call["params"],
): LateAnswer {
  const { active } = thread;
  if (active && active.toldActiveOn === server.line?.id) {
    server.faults.push(`turn/start on ${thread.id}, which was told to be active`);
  }
  // The second start on an active thread is taken for a steer.
  const clientId = clientUserMessageId === undefined ? undefined : String(clientUserMessageId);
  const turn = active ?? server.startTurn(thread, clientId);
  return () => ({ result: { turn: { ...turn.wire, status: "inProgress" } } });
}

function activeTurn(thread: WorldThread, turnId: unknown, what: string) {
  const { active } = thread;
  if (!active) throw new Error(`no active turn to ${what}`);
  if (active.id === turnId) return active;
  throw new Error(`expected active turn id \`${turnId}\` but found \`${active.id}\``);
}

function threadOf(server: MisbehavingServer, { threadId }: Call["params"]): WorldThread {
  const thread = server.world.threads.get(String(threadId));
  if (!thread) throw new Error(`thread not found: ${threadId}`);
  return thread;
}

function loaded(server: MisbehavingServer, params: Call["params"]): WorldThread {
  const thread = threadOf(server, params);
  if (!thread.loaded) throw new Error(`thread not found: ${thread.id}`);
  return thread;
}
