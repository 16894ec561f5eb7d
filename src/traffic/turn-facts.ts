import { jsonText, textOf } from "../text/json-text.ts";
import { isRecord } from "../util/describe.ts";
import { isRetry, itemSpan, requestSpan } from "./item-span.ts";
import type { Message, RequestRow } from "./rows.ts";
import type { Span } from "./span.ts";

export interface TurnTokens {
  readonly total: number;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** What the traffic shows about a turn. Times are in milliseconds since the trace began. */
export class TurnFacts {
  readonly threadId: string;
  readonly turnId: string;
  model: string | undefined;
  startedAt: number;
  endedAt: number | undefined;
  state: "running" | "completed" | "failed" | "interrupted" = "running";
  error: string | undefined;
  /** The first text of the user. */
  prompt = "";
  /** When the first text of the model arrived. */
  firstTextAt: number | undefined;
  tokens: TurnTokens | undefined;
  readonly #spans: Span[] = [];
  readonly #openItems = new Map<string, Span>();
  readonly #answers: { readonly span: Span; readonly row: RequestRow }[] = [];
  #retry: Span | undefined;
  #lastTotal: string | undefined;

  constructor(threadId: string, turnId: string, at: number, model: string | undefined) {
    this.threadId = threadId;
    this.turnId = turnId;
    this.startedAt = at;
    this.model = model;
  }

  /** What took time, in the order in which it began. */
  get spans(): readonly Span[] {
    // The row of each request knows whether it was answered.
    for (const { span, row } of this.#answers) {
      span.endedAt = row.endedAt;
      if (row.state === "failed") span.state = "failed";
      else if (row.endedAt !== undefined) span.state = "completed";
    }
    return this.#spans;
  }

  /** Takes the request that started the turn. */
  startedBy(row: RequestRow): void {
    this.startedAt = Math.min(this.startedAt, row.at);
    const params = isRecord(row.message.params) ? row.message.params : {};
    if (typeof params.model === "string") this.model = params.model;
    this.#promptIn(params.input);
  }

  /** Takes a request that the server has sent. */
  asked(row: RequestRow): void {
    const span = requestSpan(row);
    if (!span) return;
    this.#spans.push(span);
    this.#answers.push({ span, row });
  }

  apply(method: string, params: Message, at: number, rowKey: number): void {
    const { item, turn } = params;
    if (method === "turn/completed") this.#ended(turn, at);
    else if (method === "item/started" && isRecord(item)) this.#itemStarted(item, at, rowKey);
    else if (method === "item/completed" && isRecord(item)) this.#itemEnded(item, at, rowKey);
    else if (method === "thread/tokenUsage/updated") this.#usage(params.tokenUsage);
    else if (method === "model/rerouted" && typeof params.toModel === "string")
      this.model = params.toModel;
    else if (method === "hook/started" || method === "hook/completed")
      this.#hook(params, at, rowKey);
    else if (method === "error" && isRetry(params)) this.#retried(params, at, rowKey);
    else if (isModelText(method)) {
      this.firstTextAt = Math.min(this.firstTextAt ?? at, at);
      this.#endRetry(at);
    }
  }

  #ended(turn: unknown, at: number): void {
    this.endedAt = at;
    this.#endRetry(at);
    for (const span of this.#openItems.values()) {
      span.endedAt = at;
      span.state = "interrupted";
    }
    this.#openItems.clear();
    const { status, error } = isRecord(turn) ? turn : {};
    this.state = status === "failed" || status === "interrupted" ? status : ("completed" as const);
    if (isRecord(error) && typeof error.message === "string") this.error = error.message;
  }

  #itemStarted(item: Message, at: number, rowKey: number): void {
    if (item.type === "userMessage") {
      this.#promptIn(item.content);
      return;
    }
    this.#endRetry(at);
    const span = itemSpan(item, at, rowKey);
    if (!span) return;
    this.#spans.push(span);
    this.#openItems.set(span.id, span);
  }

  #itemEnded(item: Message, at: number, rowKey: number): void {
    const done = itemSpan(item, at, rowKey);
    if (!done) return;
    const open = this.#openItems.get(done.id);
    this.#openItems.delete(done.id);
    const span = open ?? done;
    span.endedAt = at;
    span.label = done.label;
    span.state = stateOf(item.status);
    if (!open) this.#spans.push(done);
  }

  #hook({ run }: Message, at: number, rowKey: number): void {
    if (!isRecord(run)) return;
    const id = `hook ${textOf(run.id)}`;
    const open = this.#openItems.get(id);
    if (open) {
      open.endedAt = at;
      open.state = run.status === "failed" ? "failed" : "completed";
      this.#openItems.delete(id);
    } else if (run.status === "running") {
      const label = `Hook ${textOf(run.eventName)}`;
      const span: Span = {
        ...{ id, kind: "hook", label, startedAt: at, endedAt: undefined, state: "running", rowKey },
      };
      this.#spans.push(span);
      this.#openItems.set(id, span);
    }
  }

  #retried({ error }: Message, at: number, rowKey: number): void {
    this.#endRetry(at);
    const { message, additionalDetails } = isRecord(error) ? error : {};
    const details = typeof additionalDetails === "string" ? `: ${additionalDetails}` : "";
    this.#retry = {
      ...{ id: `retry ${rowKey}`, kind: "retry", label: `${textOf(message)}${details}` },
      ...{ startedAt: at, endedAt: undefined, state: "running", rowKey },
    };
    this.#spans.push(this.#retry);
  }

  #endRetry(at: number): void {
    if (!this.#retry) return;
    this.#retry.endedAt = at;
    this.#retry.state = "failed";
    this.#retry = undefined;
  }

  #usage(usage: unknown): void {
    if (!isRecord(usage) || !isRecord(usage.last)) return;
    // The server repeats the last token usage.
    const total = jsonText(usage.total);
    if (total === this.#lastTotal) return;
    this.#lastTotal = total;
    const { last } = usage;
    const sum = (name: string, before = 0) =>
      before + (typeof last[name] === "number" ? last[name] : 0);
    this.tokens = {
      total: sum("totalTokens", this.tokens?.total),
      input: sum("inputTokens", this.tokens?.input),
      cached: sum("cachedInputTokens", this.tokens?.cached),
      output: sum("outputTokens", this.tokens?.output),
      reasoning: sum("reasoningOutputTokens", this.tokens?.reasoning),
    };
  }

  #promptIn(content: unknown): void {
    if (this.prompt !== "" || !Array.isArray(content)) return;
    const part: unknown = content.find((one) => isRecord(one) && one.type === "text");
    if (isRecord(part) && typeof part.text === "string") this.prompt = part.text;
  }
}

/** Text of the model, rather than the output of what it runs. */
function isModelText(method: string): boolean {
  return /[dD]elta$/.test(method) && !/^item\/(?:commandExecution|fileChange|mcp)/.test(method);
}

function stateOf(status: unknown): Span["state"] {
  return status === "failed" || status === "declined" ? status : "completed";
}
