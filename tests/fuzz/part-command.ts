import type { MisbehavingServer } from "./misbehaving-server.ts";
import { completeItem, speak, startItem } from "./parts.ts";
import { play, type Steps } from "./turn-life.ts";
import type { WorldThread } from "./world.ts";
import type { WorldItem, WorldTurn } from "./world-turn.ts";

interface CommandOptions {
  /** The user started a "userShell" command, the model an "agent" command. */
  readonly source: string;
  /** It runs for a long time. */
  readonly lasts?: boolean;
}

const METHOD = "item/commandExecution/outputDelta";

/** How long a command runs unless it is ended, in milliseconds. */
const LONG_MS = 20_000;

/** Runs a command, and waits until it ends; interrupting the turn doesn't end it. */
export function* command(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  options: CommandOptions,
): Steps {
  yield (goOn) => startCommand(server, thread, turn, options, goOn);
}

/** Runs a command in parallel to the turn, which it may outlive. */
export function startCommand(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  options: CommandOptions,
  whenDone: () => void = () => {},
): void {
  const item = begin(server, thread, turn, options);
  turn.running.set(item, whenDone);
  function* steps(): Steps {
    yield* output(server, thread, turn, item);
    if (options.lasts) yield LONG_MS;
    end(server, thread, turn, item, "completed");
  }
  play(server, steps(), () => turn.crashed || !turn.running.has(item));
}

/** Whether the model has started the command: users' commands aren't background terminals. */
export function isAgents({ wire }: WorldItem): boolean {
  return (wire as { readonly source?: unknown }).source === "agent";
}

/** The model's commands that are running on a thread. */
export function terminals(thread: WorldThread): { turn: WorldTurn; item: WorldItem }[] {
  return thread.turns.flatMap((turn) => {
    const running = turn.crashed ? [] : [...turn.running.keys()].filter(isAgents);
    return running.map((item) => ({ turn, item }));
  });
}

/** The commands as the server lists them. */
export function listTerminals(thread: WorldThread): object {
  const data = terminals(thread).map(({ item }) => ({
    ...{ itemId: item.id, processId: processOf(item), command: "echo", cwd: "/" },
  }));
  return { data, nextCursor: null };
}

/** Ends those that `which` picks; true if there are any. */
export function endTerminals(
  server: MisbehavingServer,
  thread: WorldThread,
  which: (processId: string, turn: WorldTurn) => boolean,
): boolean {
  const ended = terminals(thread).filter(({ turn, item }) => which(processOf(item), turn));
  for (const { turn, item } of ended) end(server, thread, turn, item, "failed");
  return ended.length > 0;
}

function processOf({ id }: WorldItem): string {
  return `process of ${id}`;
}

function begin(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  { source }: CommandOptions,
): WorldItem {
  const { world, random } = server;
  const wire = { id: world.nextItemId(), type: "commandExecution", command: "echo", source };
  const started = { ...wire, status: "inProgress", aggregatedOutput: null, exitCode: null };
  const item = startItem(server, thread, turn, started);
  // Output that the model's command has written before it is announced isn't in any delta.
  if (source === "agent" && random.chance(0.3)) {
    speak(server, thread, turn, { method: METHOD, itemId: item.id, text: "early ", isSent: false });
  }
  return item;
}

function* output(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  { id: itemId }: WorldItem,
): Steps {
  const { random } = server;
  for (let lines = random.pick([0, 1, 3]); lines > 0; lines--) {
    yield random.pick([0, 10, 100]);
    speak(server, thread, turn, { method: METHOD, itemId, text: `line ${lines}\n` });
  }
}

function end(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  item: WorldItem,
  status: string,
): void {
  const whenDone = turn.running.get(item);
  turn.running.delete(item);
  const channel = [...turn.channels.values()].find(({ itemId }) => itemId === item.id);
  const exitCode = status === "completed" ? 0 : -1;
  const more = { status, aggregatedOutput: channel?.whole ?? null, exitCode };
  completeItem(server, thread, turn, item, more);
  whenDone?.();
}
