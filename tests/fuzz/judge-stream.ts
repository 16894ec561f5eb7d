import type { Notification } from "../../src/index.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { type Channel, channelKey, type WorldTurn } from "./world-turn.ts";

/** A turn's stream that was read to its end. */
export interface StreamRead {
  readonly all: readonly Notification[];
  /** When each notification was read; undefined if they were read slowly. */
  readonly times: readonly number[] | undefined;
  readonly since: number;
}

/** How long the delivery of a delta may take, including chunks. */
const LIVE_MS = 60;

/** Each notification arrives once, in order, without lost text, and live ones arrive at once. */
export function judgeStream(
  server: MisbehavingServer,
  turn: WorldTurn,
  read: StreamRead,
): string[] {
  const { all } = read;
  const of = `the stream of ${turn.id}`;
  const faults: string[] = [];
  const keys = all.map(keyOf).filter((key) => key !== undefined);
  if (new Set(keys).size < keys.length) faults.push(`[twice] ${of}: ${keys}`);
  const last = all.at(-1)?.method;
  if (last !== "turn/completed") faults.push(`[last] ${of} ends with ${last}`);
  if (turn.crashed || server.traffic.leftSilently.has(turn.threadId)) return faults;
  const seen = new Set(
    all.filter(({ method }) => method === "item/completed").map((one) => itemOf(one)),
  );
  const missing = turn.ownItems.filter(({ id }) => !seen.has(id)).map(({ id }) => id);
  if (missing.length > 0) faults.push(`[items] ${of} lacks the completion of ${missing}`);
  for (const [key, channel] of turn.channels) {
    if (!seen.has(channel.itemId)) continue;
    const text = joined(key, all);
    if (!mayBe(channel, text)) {
      const wanted = JSON.stringify(channel.whole);
      faults.push(`[holes] ${of}: the deltas of ${key} are ${JSON.stringify(text)}, not ${wanted}`);
    }
  }
  const { lines, missing: unanswered, overloads, givenUp } = server.traffic;
  // If a request to unsubscribe had no answer, the client resumes the thread, and holds deltas back until the
  // busy server has answered.
  const holds = unanswered > 0 && overloads > 0 && givenUp.has(turn.threadId);
  const late = lines === 1 && !holds ? notLive(turn, read) : undefined;
  if (late) faults.push(`[not live] ${of}: ${late}`);
  return faults;
}

export function judgeText(turn: WorldTurn, text: string): string | undefined {
  if (turn.crashed) return undefined;
  const messages = turn.ownItems.filter(({ type }) => type === "agentMessage");
  const whole = messages.map((message) => message.text).join("");
  // For an interrupted message, the deltas arrived but the completed message never did.
  const seen = turn.status === "completed" ? text : text.slice(0, whole.length);
  if (seen === whole) return undefined;
  const [got, wanted] = [JSON.stringify(seen), JSON.stringify(whole)];
  return `[text] the text stream of ${turn.id}: got ${got}, wanted ${wanted}`;
}

/** Everything that was sent while the reader was reading reached it at once. */
function notLive(turn: WorldTurn, { all, times, since }: StreamRead): string | undefined {
  if (!times) return undefined;
  for (const [key, { marks }] of turn.channels) {
    let length = 0;
    let next = 0;
    for (const [index, notification] of all.entries()) {
      if (deltaKey(notification) !== key) continue;
      length += deltaOf(notification).length;
      const at = times[index] ?? 0;
      for (; (marks[next]?.length ?? Infinity) <= length; next++) {
        const sent = marks[next]?.at ?? 0;
        if (sent > since && at - sent > LIVE_MS)
          return `${key} was sent at ${sent} and arrived at ${at}`;
      }
    }
  }
  return undefined;
}

function mayBe({ whole, sent }: Channel, text: string): boolean {
  if (text === whole || text === sent) return true;
  return sent !== whole && isSubsequence(text, whole);
}

function isSubsequence(part: string, whole: string): boolean {
  let from = 0;
  for (const character of part) {
    const found = whole.indexOf(character, from);
    if (found === -1) return false;
    from = found + character.length;
  }
  return true;
}

function joined(key: string, all: readonly Notification[]): string {
  return all.map((one) => (deltaKey(one) === key ? deltaOf(one) : "")).join("");
}

function deltaKey({ method, params }: Notification): string | undefined {
  return /delta$/i.test(method) ? channelKey(method, params as object) : undefined;
}

function deltaOf({ params }: Notification): string {
  return String((params as { delta?: unknown }).delta ?? "");
}

/**
 * A key for something that a stream contains once; undefined for what can be repeated or has no id.
 */
function keyOf(notification: Notification): string | undefined {
  const { method } = notification;
  if (method === "turn/started" || method === "turn/completed") return method;
  const id = /^item\/(?:started|completed)$/.test(method) ? itemOf(notification) : undefined;
  // Without an id, a repetition can't be recognised.
  return typeof id === "string" ? `${method} ${id}` : undefined;
}

function itemOf({ params }: Notification): string | undefined {
  const { item } = params as { item?: { id?: string } | null };
  return item?.id;
}
