import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { Random } from "./random.ts";
import type { WorldStatus, WorldThread, WorldTurn } from "./world.ts";

export interface TurnKind {
  readonly clientId: string | undefined;
  readonly kind: "turn" | "compaction";
}

/** What the turn waits for before it goes on: so many milliseconds, or somebody who calls. */
type Wait = number | ((goOn: () => void) => void);

/** An unanswered request holds a turn up for so long; then the turn goes on. */
const MAX_WAIT_MS = 20_000;

/** Plays a turn on the server to its end, whoever listens. */
export function playTurn(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  kind: TurnKind,
): void {
  const steps = script(server, thread, turn, kind);
  const goOn = () => {
    if (turn.status !== "inProgress") return;
    const { value, done } = steps.next();
    if (done) return;
    if (typeof value === "number") server.clock.after(value, goOn);
    else value(goOn);
  };
  goOn();
}

export function endTurn(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  status: WorldStatus,
): void {
  if (turn.status !== "inProgress") return;
  turn.status = status;
  for (const ask of server.asks.open(thread.id)) server.asks.takeBack(ask);
  server.tell(thread, "thread/status/changed", { status: { type: "idle" } });
  if (server.roll("hidesEnd")) return;
  turn.toldActiveOn = undefined;
  server.tell(thread, "turn/completed", { turn: turn.wire });
}

function* script(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  { clientId, kind }: TurnKind,
): Generator<Wait, void> {
  const { random, world } = server;
  const tell = (method: string, params: object) =>
    server.tell(thread, method, { turnId: turn.id, ...params });
  server.tell(thread, "thread/status/changed", { status: { type: "active" } });
  turn.toldActiveOn = server.line?.subscribed.has(thread.id) ? server.line.id : undefined;
  tell("turn/started", { turn: turn.wire });
  const user = { id: world.nextItemId(), type: "userMessage", clientId };
  const first = kind === "turn" ? user : { id: world.nextItemId(), type: "contextCompaction" };
  tell("item/started", { item: first });
  turn.items.push(first);
  tell("item/completed", { item: first });
  const parts = kind === "turn" ? random.between(0, 4) : 0;
  for (let part = 0; part < parts; part++) {
    yield random.between(0, 50);
    if (random.chance(0.35)) yield ask(server, thread, turn);
    else yield* message(random, turn, world.nextItemId(), tell);
  }
  tell("thread/tokenUsage/updated", { tokenUsage: { total: { totalTokens: parts } } });
  yield random.pick([0, 10, 500]);
  endTurn(server, thread, turn, random.chance(0.85) ? "completed" : "failed");
}

function* message(
  random: Random,
  turn: WorldTurn,
  id: string,
  tell: (method: string, params: object) => void,
): Generator<Wait, void> {
  const phase = random.pick(["commentary", "final_answer", null]);
  tell("item/started", { item: { id, type: "agentMessage", text: "", phase } });
  let text = "";
  const deltas = random.pick([0, 1, 3, 20]);
  for (let count = 0; count < deltas; count++) {
    if (random.chance(0.5)) yield random.between(0, 20);
    const delta = random.pick(["a", "ß", "☃", "😀", "\n", "two words ", '"\\']);
    text += delta;
    tell("item/agentMessage/delta", { itemId: id, delta });
  }
  const item = { id, type: "agentMessage", text, phase };
  turn.items.push(item);
  tell("item/completed", { item });
}

/** Asks the client for an approval, a tool's result, or what no client knows. */
function ask(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Wait {
  const { random, line } = server;
  if (!line?.subscribed.has(thread.id)) return 5;
  const method = server.roll("unknownRequests")
    ? "brand/newRequest"
    : random.pick([
        "item/commandExecution/requestApproval",
        "item/fileChange/requestApproval",
        "item/tool/call",
        "item/tool/requestUserInput",
        "currentTime/read",
      ]);
  const about = { threadId: thread.id, turnId: turn.id, itemId: "i1", callId: "c" };
  const params = { ...about, tool: "add", namespace: null, arguments: { a: 1 }, questions: [] };
  return (whenAnswered) => {
    let waits = true;
    const goOn = () => {
      if (waits) server.clock.after(0, whenAnswered);
      waits = false;
    };
    const { id: connection } = line;
    const made = server.asks.make({ connection, threadId: thread.id, method, params, goOn });
    server.send(made.message);
    if (server.roll("withdraws")) {
      server.clock.after(random.between(0, 30), () => {
        if (made.answers > 0 || made.over) return;
        server.asks.takeBack(made);
        server.tell(thread, "serverRequest/resolved", { requestId: made.id });
      });
    }
    server.clock.after(MAX_WAIT_MS, () => {
      const isThere = made.connection === server.line?.id;
      if (isThere && server.asks.isOwed(made)) {
        server.faults.push(`no answer to ${JSON.stringify(made.message)}`);
      }
      server.asks.takeBack(made);
    });
  };
}
