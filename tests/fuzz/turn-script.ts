import { ask } from "./asking.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { command, startCommand } from "./part-command.ts";
import { completeItem, note, sayUsers, speak, startItem } from "./parts.ts";
import { spawn } from "./sub-agents.ts";
import { endTurn, type Steps } from "./turn-life.ts";
import type { WorldThread } from "./world.ts";
import type { WorldTurn } from "./world-turn.ts";

/** How long a silent turn is silent; in most seeds the client asks the server earlier than that. */
const SILENCE_MS = 4_500;

/** A turn that answers users' messages: the one that started it, and those steered into it. */
export function* messageTurn(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
): Steps {
  sayUsers(server, thread, turn);
  yield* work(server, thread, turn);
}

/** What the model does, until it has nothing left to answer. */
export function* work(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Steps {
  const { random } = server;
  do {
    turn.asked();
    for (let parts = random.between(0, 4); parts > 0; parts--) {
      yield server.shows("silences", 0.25) ? SILENCE_MS : random.between(0, 50);
      yield* part(server, thread, turn);
      if (!sayUsers(server, thread, turn)) continue;
      turn.asked();
      parts++;
    }
    const usage = { total: { totalTokens: turn.items.length } };
    note(server, thread, turn, "thread/tokenUsage/updated", { tokenUsage: usage });
    yield random.pick([0, 10, 500]);
  } while (sayUsers(server, thread, turn));
  const fails = !server.isCalm && random.chance(0.12);
  endTurn(server, thread, turn, fails ? "failed" : "completed");
}

function* part(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Steps {
  const { random } = server;
  const kind = random.weighted({
    message: 6,
    ask: 3,
    reasoning: 1,
    plan: 1,
    command: 1.5,
    background: server.shows("background", 1) ? 1.5 : 0,
    diff: 0.5,
    retry: 0.3,
    subAgent: server.shows("subAgents", 1) && thread.parentId === undefined ? 2 : 0,
  });
  switch (kind) {
    case "message":
      yield* message(server, thread, turn);
      return;
    case "ask":
      yield* ask(server, thread, turn);
      return;
    case "reasoning":
      yield* reasoning(server, thread, turn);
      return;
    case "plan":
      yield* plan(server, thread, turn);
      return;
    case "command":
      yield* command(server, thread, turn, {
        source: "agent",
        lasts: server.shows("silences", 0.2),
      });
      return;
    case "background":
      startCommand(server, thread, turn, { source: "agent", lasts: random.chance(0.5) });
      return;
    case "diff":
      // Each replaces the previous one.
      for (let count = random.pick([1, 30]); count > 0; count--) {
        note(server, thread, turn, "turn/diff/updated", { diff: `+ line ${count}` });
      }
      return;
    case "retry":
      note(server, thread, turn, "error", { error: { message: "again" }, willRetry: true });
      return;
    case "subAgent":
      yield* spawn(server, thread, turn, work);
  }
}

function* message(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Steps {
  const { random, world } = server;
  const phase = random.pick(["commentary", "final_answer", null]);
  const wire = { id: world.nextItemId(), type: "agentMessage", text: "", phase };
  const item = startItem(server, thread, turn, wire);
  const say = (text: string) => {
    item.text += text;
    speak(server, thread, turn, { method: "item/agentMessage/delta", itemId: item.id, text });
  };
  yield* deltas(server, say);
  completeItem(server, thread, turn, item, { text: item.text });
}

function* reasoning(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Steps {
  const id = server.world.nextItemId();
  const item = startItem(server, thread, turn, { id, type: "reasoning", summary: [], content: [] });
  const [summary, content] = ["", ""].map((text) => ({ text }));
  const into = (part: { text: string } | undefined, method: string, index: object) => {
    return (text: string) => {
      if (part) part.text += text;
      speak(server, thread, turn, { method, itemId: id, text, part: index });
    };
  };
  yield* deltas(server, into(summary, "item/reasoning/summaryTextDelta", { summaryIndex: 0 }));
  yield* deltas(server, into(content, "item/reasoning/textDelta", { contentIndex: 0 }));
  const more = { summary: [summary?.text ?? ""], content: [content?.text ?? ""] };
  completeItem(server, thread, turn, item, more);
}

function* plan(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Steps {
  const id = server.world.nextItemId();
  const item = startItem(server, thread, turn, { id, type: "plan", text: "" });
  let whole = "";
  yield* deltas(server, (text) => {
    whole += text;
    speak(server, thread, turn, { method: "item/plan/delta", itemId: id, text });
  });
  completeItem(server, thread, turn, item, { text: whole });
}

function* deltas(server: MisbehavingServer, say: (text: string) => void): Steps {
  const { random } = server;
  for (let count = random.pick([0, 1, 3, 20]); count > 0; count--) {
    if (server.shows("silences", 0.04)) yield SILENCE_MS;
    if (random.chance(0.5)) yield random.between(0, 20);
    say(random.pick(["a", "ß", "☃", "😀", "\n", "two words ", '"\\']));
  }
}
