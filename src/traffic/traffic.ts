import { jsonText, textOf } from "../text/json-text.ts";
import type { JoinedMessage, TraceRecord } from "../trace/lines.ts";
import { isRecord } from "../util/describe.ts";
import { eventLevel } from "./events.ts";
import type { Message, NotificationRow, RequestRow, Row } from "./rows.ts";
import { ThreadFacts } from "./thread-facts.ts";
import { TurnFacts } from "./turn-facts.ts";

/** The code with which the server refuses requests while it is too busy. */
const BUSY = -32_001;

/** How many rows a late row can be moved up, at most. */
const MOST_LATE = 4_000;

/**
 * The messages between the client and its server: requests paired with their answers,
 * notifications, events, and what they show about threads and turns. Does no I/O, and runs in
 * browsers.
 */
export class Traffic {
  readonly #rows: Row[] = [];
  readonly #turns = new Map<string, TurnFacts>();
  readonly #threads = new Map<string, ThreadFacts>();
  /** Requests without an answer, by their sender and id. */
  readonly #open = new Map<string, RequestRow>();
  /** Requests that may be retried, by their content. */
  readonly #failed = new Map<string, RequestRow>();
  #sent = 0;
  #received = 0;
  #endedAt = 0;
  #keys = 0;

  static of(records: readonly TraceRecord[]): Traffic {
    const traffic = new Traffic();
    for (const record of records) traffic.add(record);
    return traffic;
  }

  /** In the order in which they happened. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** In the order in which they began. */
  get turns(): readonly TurnFacts[] {
    return [...this.#turns.values()];
  }

  /** In the order in which they were first mentioned. */
  get threads(): readonly ThreadFacts[] {
    return [...this.#threads.values()];
  }

  get requests(): readonly RequestRow[] {
    return this.#rows.filter((row) => row.kind === "request");
  }

  /** The keys of the server's requests that have no answer yet. */
  get askedKeys(): readonly number[] {
    return [...this.#open.values()].filter(({ byServer }) => byServer).map(({ key }) => key);
  }

  /** The number of messages. */
  get sent(): number {
    return this.#sent;
  }

  get received(): number {
    return this.#received;
  }

  /** The time of the last entry, in milliseconds since the trace began. */
  get endedAt(): number {
    return this.#endedAt;
  }

  turn(turnId: string): TurnFacts | undefined {
    return this.#turns.get(turnId);
  }

  thread(threadId: string): ThreadFacts | undefined {
    return this.#threads.get(threadId);
  }

  add(record: TraceRecord): void {
    if ("event" in record) this.#event(record.at, record.event, record.details);
    else this.#message(record);
  }

  /** Notes that the trace has ended: pending requests will never be answered. */
  end(): void {
    this.#lose(this.#endedAt);
  }

  /** Drops the oldest rows, and the turns that ended before the first remaining row. */
  forget(count: number): void {
    this.#rows.splice(0, count);
    const first = this.#rows[0]?.at ?? 0;
    for (const [turnId, { endedAt }] of this.#turns) {
      if (endedAt !== undefined && endedAt < first) this.#turns.delete(turnId);
    }
  }

  #event(at: number, event: string, details: Message): void {
    this.#insert({
      ...{
        kind: "event",
        key: this.#keys++,
        at,
        event,
        details,
        level: eventLevel(event, details),
      },
      ...{ threadId: undefined, turnId: undefined, itemId: undefined },
    });
    // Ids start again with each connection.
    if (event === "connected" || event === "disconnected") this.#lose(at);
  }

  #message(record: JoinedMessage): void {
    const { at, direction, message } = record;
    const byServer = direction === "receive";
    const count = countOf(record);
    if (byServer) this.#received += count;
    else this.#sent += count;
    const isAnswer = isRecord(message) && typeof message.method !== "string" && "id" in message;
    if (isAnswer) this.#answer(message, byServer, at);
    else if (isRecord(message) && typeof message.method === "string" && "id" in message) {
      this.#request(message, message.method, byServer, at);
    } else this.#notification(record, count);
  }

  #request(message: Message, method: string, byServer: boolean, at: number): void {
    const again = this.#failed.size > 0 ? contentOf({ message, byServer }) : "";
    const earlier = this.#failed.get(again);
    const row: RequestRow = {
      ...{ kind: "request", key: this.#keys++, at, byServer, method, message, state: "pending" },
      ...{ endedAt: undefined, answer: undefined, error: undefined, retriedBy: undefined },
      ...{ attempt: (earlier?.attempt ?? 0) + 1, ...idsOf(message.params) },
    };
    if (earlier) {
      earlier.retriedBy = row.key;
      this.#failed.delete(again);
    }
    this.#insert(row);
    this.#open.set(openKey(byServer, message.id), row);
    if (byServer && row.turnId !== undefined) this.#turns.get(row.turnId)?.asked(row);
  }

  #answer(message: Message, byServer: boolean, at: number): void {
    const key = openKey(!byServer, message.id);
    const row = this.#open.get(key);
    this.#endedAt = Math.max(this.#endedAt, at);
    if (!row) return;
    this.#open.delete(key);
    row.endedAt = at;
    row.answer = message;
    if (isRecord(message.error)) {
      row.state = "failed";
      row.error = `${textOf(message.error.message)} (${textOf(message.error.code)})`;
      if (message.error.code === BUSY) this.#failed.set(contentOf(row), row);
    } else {
      row.state = "succeeded";
      if (!row.byServer && isRecord(message.result)) this.#learn(row, message.result);
    }
  }

  #notification(record: JoinedMessage, count: number): void {
    const { at, direction, message, deltas } = record;
    const given = isRecord(message) ? message : {};
    const params = isRecord(given.params) ? given.params : {};
    const [lastAt = at, , ...lengths] = deltas?.at(-1) ?? [];
    const row: NotificationRow = {
      ...{ kind: "notification", key: this.#keys++, at, byServer: direction === "receive" },
      method: typeof given.method === "string" ? given.method : "(not JSON-RPC)",
      ...{ message, count, endedAt: lastAt + Math.max(0, lengths.length - 1) / 1000 },
      ...idsOf(params),
    };
    this.#insert(row);
    this.#endedAt = Math.max(this.#endedAt, row.endedAt);
    if (!row.byServer) return;
    if (row.method === "serverRequest/resolved") this.#resolved(params.requestId, at);
    if (isRecord(params.thread)) this.#threadOf(params.thread.id)?.inform(params.thread);
    if (isRecord(params.item)) this.#adopt(row.threadId, params.item);
    this.#threadOf(row.threadId)?.apply(row.method, params, at);
    this.#turnOf(row, at)?.apply(row.method, params, at, row.key);
  }

  /** Applies what answers show about threads. */
  #learn(row: RequestRow, result: Message): void {
    const listed = Array.isArray(result.data) ? result.data : [];
    for (const record of [result.thread, ...(row.method === "thread/list" ? listed : [])]) {
      if (!isRecord(record)) continue;
      const thread = this.#threadOf(record.id);
      thread?.inform(record);
      if (record === result.thread) thread?.settings(result);
    }
    const turnId = isRecord(result.turn) ? result.turn.id : undefined;
    if (row.method === "turn/start" && typeof turnId === "string" && row.threadId !== undefined) {
      this.#madeTurn(row.threadId, turnId, row.at).startedBy(row);
    }
  }

  /** Notes that the server no longer needs an answer. */
  #resolved(id: unknown, at: number): void {
    const key = openKey(true, id);
    const row = this.#open.get(key);
    if (!row) return;
    this.#open.delete(key);
    row.state = "elsewhere";
    row.endedAt = at;
  }

  #lose(at: number): void {
    for (const row of this.#open.values()) {
      row.state = "unanswered";
      row.endedAt = at;
      if (!row.byServer) this.#failed.set(contentOf(row), row);
    }
    this.#open.clear();
  }

  /** Notes the sub-agents that an item of a thread names. */
  #adopt(parentId: string | undefined, { agentThreadId, receiverThreadIds }: Message): void {
    const named = Array.isArray(receiverThreadIds) ? receiverThreadIds : [agentThreadId];
    for (const id of named) {
      if (parentId === undefined || id === parentId) continue;
      const agent = this.#threadOf(id);
      if (agent) agent.parentThreadId ??= parentId;
    }
  }

  #threadOf(id: unknown): ThreadFacts | undefined {
    if (typeof id !== "string") return undefined;
    const known = this.#threads.get(id);
    if (known) return known;
    const made = new ThreadFacts(id);
    this.#threads.set(id, made);
    return made;
  }

  #turnOf({ threadId, turnId, method }: NotificationRow, at: number): TurnFacts | undefined {
    if (threadId === undefined || turnId === undefined) return undefined;
    if (method === "turn/started") return this.#madeTurn(threadId, turnId, at);
    return this.#turns.get(turnId);
  }

  #madeTurn(threadId: string, turnId: string, at: number): TurnFacts {
    const known = this.#turns.get(turnId);
    if (known) return known;
    const thread = this.#threadOf(threadId);
    const made = new TurnFacts(threadId, turnId, at, thread?.model);
    this.#turns.set(turnId, made);
    return made;
  }

  /**
   * Inserts a row by its time: deltas are recorded later than they arrived, and in a trace from
   * someone else every row can be late.
   */
  #insert(row: Row): void {
    this.#endedAt = Math.max(this.#endedAt, row.at);
    const rows = this.#rows;
    if ((rows.at(-1)?.at ?? row.at) <= row.at) {
      rows.push(row);
      return;
    }
    let [first, last] = [Math.max(0, rows.length - MOST_LATE), rows.length];
    while (first < last) {
      const middle = (first + last) >> 1;
      if ((rows[middle]?.at ?? 0) > row.at) last = middle;
      else first = middle + 1;
    }
    rows.splice(first, 0, row);
  }
}

function openKey(byServer: boolean, id: unknown): string {
  return `${byServer} ${jsonText(id)}`;
}

function contentOf({ message, byServer }: Pick<RequestRow, "message" | "byServer">): string {
  return jsonText([byServer, message.method, message.params]);
}

function countOf({ deltas }: JoinedMessage): number {
  if (deltas === undefined) return 1;
  return deltas.reduce((sum, group) => sum + group.length - 2, 0);
}

function idsOf(params: unknown): Pick<Row, "threadId" | "turnId" | "itemId"> {
  const given = isRecord(params) ? params : {};
  const { thread, turn, item } = given;
  const id = (value: unknown, record: unknown) => {
    const found = value ?? (isRecord(record) ? record.id : undefined);
    return typeof found === "string" ? found : undefined;
  };
  return {
    threadId: id(given.threadId, thread),
    turnId: id(given.turnId, turn),
    itemId: id(given.itemId, item),
  };
}
