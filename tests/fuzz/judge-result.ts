import type { TurnResult } from "../../src/index.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { WorldItem, WorldTurn } from "./world-turn.ts";

/** The faults of a turn's result; `text` is the message that the turn was started with. */
export function judgeResult(
  server: MisbehavingServer,
  turn: WorldTurn,
  text: string,
  result: TurnResult<unknown>,
): string[] {
  const of = `the result of ${turn.id}`;
  // A turn that ended with its process is known from its notifications, or from what was stored.
  if (turn.crashed && result.status === "interrupted") return [];
  if (result.status !== turn.status) {
    return [`[status] ${of}: got ${result.status}, wanted ${turn.status}`];
  }
  const faults =
    turn.status === "completed" ? completed(turn, text, result) : cutShort(server, turn, result);
  return faults.map((fault) => `${fault} (${of})`);
}

function completed(turn: WorldTurn, text: string, result: TurnResult<unknown>): string[] {
  const faults = wholeItems(turn, result);
  if (result.text !== turn.text) {
    faults.push(`[text] got ${JSON.stringify(result.text)}, wanted ${JSON.stringify(turn.text)}`);
  }
  if (!turn.items.some(({ said }) => said === text)) {
    faults.push(`[foreign] it was returned for ${JSON.stringify(text)}, which is not in it`);
  } else if (!turn.answered.has(text)) {
    faults.push(`[swallowed] the model was never asked ${JSON.stringify(text)}`);
  }
  return faults;
}

/**
 * The result of an interrupted or failed turn has everything so far, including unfinished items.
 */
function cutShort(
  { traffic, announced }: MisbehavingServer,
  turn: WorldTurn,
  result: TurnResult<unknown>,
): string[] {
  // What the client didn't see can't be recovered.
  if (turn.crashed || traffic.cuts > 0) return [];
  const faults = wholeItems(turn, result);
  const has = new Set(result.items.map(({ id }) => id));
  // Neither can what wasn't sent to it because it had left the thread.
  const wasSeen = turn.items.every(({ id }) => announced.has(id));
  const missing = turn.unfinished.filter(
    ({ id, isLate }) => !isLate && announced.has(id) && !has.has(id),
  );
  if (missing.length > 0) faults.push(`[unfinished] it lacks ${ids(missing)}, which had started`);
  if (wasSeen && turn.textSoFar !== "" && result.text !== turn.textSoFar) {
    const wanted = JSON.stringify(turn.textSoFar);
    faults.push(
      `[unfinished] its text is ${JSON.stringify(result.text)}, and ${wanted} was streamed`,
    );
  }
  return faults;
}

/** The result has every completed item, in order, and nothing that isn't the turn's. */
function wholeItems(turn: WorldTurn, result: TurnResult<unknown>): string[] {
  const got = result.items.map(({ id }) => id);
  const all = new Set(turn.items.map(({ id }) => id));
  const own = turn.ownItems.map(({ id }) => id);
  const missing = own.filter((id) => !got.includes(id));
  const foreign = got.filter((id) => !all.has(id));
  const isOrdered = isSame(
    got.filter((id) => isMessage(turn, id)),
    own.filter((id) => isMessage(turn, id)),
  );
  return [
    ...(missing.length > 0 ? [`[items] it lacks ${missing}`] : []),
    ...(foreign.length > 0 ? [`[items] it has ${foreign}, which are not the turn's`] : []),
    ...(new Set(got).size < got.length ? [`[items] it has some twice: ${got}`] : []),
    ...(missing.length === 0 && !isOrdered ? [`[items] got ${got}, wanted ${own}`] : []),
  ];
}

/** Whether it is an item whose order is known, because such items come one at a time. */
function isMessage(turn: WorldTurn, id: string): boolean {
  const item = turn.ownItems.find((one) => one.id === id);
  return item?.type === "agentMessage" || item?.type === "userMessage";
}

function ids(items: readonly WorldItem[]): string {
  return items.map(({ id, type }) => `${id} (${type})`).join(", ");
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.join() === other.join();
}
