import { jsonText } from "../text/json-text.ts";
import type { TraceEntry } from "../trace/format.ts";
import { isRecord } from "../util/describe.ts";

/** A request of either side. Times are in milliseconds since the trace began. */
export interface RequestFacts {
  readonly method: string;
  readonly byServer: boolean;
  readonly turnId: string | undefined;
  readonly sentAt: number;
  /** Undefined if it was never answered. */
  answeredAt: number | undefined;
  /** Undefined if it succeeded. */
  error: string | undefined;
}

export interface TurnFacts {
  readonly threadId: string;
  readonly turnId: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  /** When the first text of the model arrived. */
  firstTextAt: number | undefined;
  /** How long its items ran, by type, in milliseconds. */
  readonly itemMs: Map<string, number>;
}

export interface Facts {
  readonly requests: readonly RequestFacts[];
  readonly turns: readonly TurnFacts[];
  readonly sent: number;
  readonly received: number;
}

/** Collects the facts about a trace's requests and turns. */
export function factsOf(entries: readonly TraceEntry[]): Facts {
  const collector = new Collector();
  for (const entry of entries) collector.add(entry);
  return collector;
}

type Message = Readonly<Record<string, unknown>>;

class Collector implements Facts {
  readonly requests: RequestFacts[] = [];
  sent = 0;
  received = 0;
  readonly #turns = new Map<string, TurnFacts>();
  /** Requests without an answer, by sender and id. */
  readonly #open = new Map<string, RequestFacts>();
  readonly #items = new Map<string, number>();

  get turns(): readonly TurnFacts[] {
    return [...this.#turns.values()];
  }

  add(entry: TraceEntry): void {
    if ("event" in entry) {
      // Ids start again with each connection.
      if (entry.event === "connected") this.#open.clear();
      return;
    }
    const isSent = entry.direction === "send";
    if (isSent) this.sent++;
    else this.received++;
    const { message, at } = entry;
    if (!isRecord(message)) return;
    if (typeof message.method !== "string") this.#answer(message, !isSent, at);
    else if ("id" in message) this.#request(message, message.method, isSent, at);
    else if (!isSent && isRecord(message.params))
      this.#notification(message.method, message.params, at);
  }

  #request({ id, params }: Message, method: string, isSent: boolean, at: number): void {
    const turnId =
      isRecord(params) && typeof params.turnId === "string" ? params.turnId : undefined;
    const facts = {
      ...{ method, byServer: !isSent, turnId, sentAt: at },
      ...{ answeredAt: undefined, error: undefined },
    };
    this.requests.push(facts);
    this.#open.set(keyOf(isSent, id), facts);
  }

  #answer({ id, error }: Message, ofClient: boolean, at: number): void {
    const key = keyOf(ofClient, id);
    const request = this.#open.get(key);
    if (!request) return;
    this.#open.delete(key);
    request.answeredAt = at;
    if (isRecord(error)) request.error = `${textOf(error.message)} (${textOf(error.code)})`;
  }

  #notification(method: string, params: Message, at: number): void {
    const { threadId, turn, item, itemId } = params;
    const turnId = isRecord(turn) ? turn.id : params.turnId;
    if (typeof threadId !== "string" || typeof turnId !== "string") return;
    const known = this.#turns.get(turnId);
    if (method === "turn/started" && !known) {
      this.#turns.set(turnId, {
        ...{ threadId, turnId, startedAt: at, itemMs: new Map() },
        ...{ endedAt: undefined, firstTextAt: undefined },
      });
    }
    if (!known) return;
    if (method === "turn/completed") known.endedAt = at;
    if (method === "item/started" && isRecord(item)) this.#items.set(textOf(item.id), at);
    if (method === "item/completed" && isRecord(item)) this.#itemEnded(known, item, at);
    const isText =
      (method.endsWith("Delta") || method.endsWith("/delta")) && !/commandExecution/.test(method);
    if (isText && itemId !== undefined) known.firstTextAt ??= at;
  }

  #itemEnded(turn: TurnFacts, { id, type }: Message, at: number): void {
    const startedAt = this.#items.get(textOf(id));
    if (startedAt === undefined) return;
    const name = textOf(type);
    turn.itemMs.set(name, (turn.itemMs.get(name) ?? 0) + at - startedAt);
  }
}

/** A value of a trace, which can be anything. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : jsonText(value);
}

function keyOf(ofClient: boolean, id: unknown): string {
  return `${ofClient} ${jsonText(id)}`;
}
