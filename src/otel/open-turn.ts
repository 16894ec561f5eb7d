import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { errorView } from "../timeline/errors.ts";
import { type Foreign, recordOf } from "../timeline/foreign.ts";
import { startedAgents } from "../timeline/item-entry.ts";
import { minus, usageOf } from "../timeline/usage.ts";
import type { TokenUsage } from "../timeline/views.ts";
import type { TurnDiagnostics } from "../util/channels.ts";
import {
  AGENT,
  ERROR_TYPE,
  MODEL,
  OPERATION,
  PROVIDER,
  TOOL_NAME,
  TURN_ID,
  TURN_STATUS,
  turnAttributes,
  usageAttributes,
} from "./attributes.ts";
import { fail, failWith, typeOf } from "./failure.ts";
import type { Metrics } from "./metrics.ts";
import { callAttributes, contentAttributes, endAttributes, failureOf, toolOf } from "./tool.ts";

/** What is needed to record spans and metrics of turns. */
export interface Recording {
  readonly tracer: Tracer;
  readonly metrics: Metrics;
  readonly captureContent: boolean;
}

interface OpenCall {
  readonly span: Span;
  readonly context: Context;
  readonly name: string;
  readonly startedAt: number;
}

/** A running turn: its span, and the spans of its tool calls. */
export class OpenTurn {
  readonly threadId: string;
  readonly context: Context;
  /** Threads of sub-agents that work for the turn. */
  readonly children: Set<string> = new Set<string>();
  readonly #recording: Recording;
  readonly #span: Span;
  readonly #model: string | undefined;
  readonly #startedAt: number = performance.now();
  readonly #calls = new Map<string, OpenCall>();
  #usedBefore: TokenUsage | undefined;
  #usage: TokenUsage | undefined;

  /** `parent`: the context in which the turn was started. */
  constructor(threadId: string, model: string | undefined, parent: Context, recording: Recording) {
    this.threadId = threadId;
    this.#recording = recording;
    this.#model = model;
    const attributes = turnAttributes(threadId, model);
    const options = { kind: SpanKind.CLIENT, attributes };
    this.#span = recording.tracer.startSpan(`invoke_agent ${AGENT}`, options, parent);
    this.context = trace.setSpan(parent, this.#span);
  }

  set turnId(turnId: string) {
    this.#span.setAttribute(TURN_ID, turnId);
  }

  /** The context of the running call with this id; otherwise the turn's context. */
  contextOf(callId: unknown): Context {
    const call = typeof callId === "string" ? this.#calls.get(callId) : undefined;
    return call?.context ?? this.context;
  }

  /** Takes a notification of the turn, or of a sub-agent's turn. */
  notified(method: string, params: Foreign, isOwn: boolean): void {
    const item = recordOf(params.item);
    if (method === "item/started") this.#startCall(item);
    else if (method === "item/completed") this.#endCall(item);
    else if (method === "thread/tokenUsage/updated" && isOwn) {
      this.#count(recordOf(params.tokenUsage));
    }
    for (const id of startedAgents(item)) this.children.add(id);
  }

  /** Ends the spans: the turn has ended, or nothing more can be learned about it. */
  end({ status, error }: Pick<TurnDiagnostics, "status" | "error">): void {
    for (const { span } of this.#calls.values()) {
      fail(span, "interrupted");
      span.end();
    }
    this.#calls.clear();
    if (status !== undefined) this.#span.setAttribute(TURN_STATUS, status);
    if (this.#usage) this.#span.setAttributes(usageAttributes(this.#usage));
    const failure = errorView(status === "failed" ? error : null);
    if (failure) fail(this.#span, failure.code ?? "_OTHER", failure.message);
    else if (status === undefined) failWith(this.#span, error);
    this.#span.end();
    const type = failure ? (failure.code ?? "_OTHER") : typeOf(error);
    const isError = failure !== null || status === undefined;
    const attributes: Attributes = {
      [OPERATION]: "invoke_agent",
      [PROVIDER]: "openai",
      ...(this.#model === undefined ? {} : { [MODEL]: this.#model }),
      ...(isError ? { [ERROR_TYPE]: type } : {}),
    };
    const durationMs = performance.now() - this.#startedAt;
    this.#recording.metrics.turn(durationMs, attributes, this.#usage);
  }

  #startCall(item: Foreign): OpenCall | undefined {
    const tool = toolOf(item);
    const { id } = item;
    if (!tool || typeof id !== "string" || this.#calls.has(id)) return undefined;
    const { tracer } = this.#recording;
    const options = { kind: SpanKind.INTERNAL, attributes: callAttributes(id, tool) };
    const span = tracer.startSpan(`execute_tool ${tool.name}`, options, this.context);
    const context = trace.setSpan(this.context, span);
    const call = { span, context, name: tool.name, startedAt: performance.now() };
    this.#calls.set(id, call);
    return call;
  }

  #endCall(item: Foreign): void {
    const { id } = item;
    if (typeof id !== "string") return;
    const call = this.#calls.get(id) ?? this.#startCall(item);
    if (!call) return;
    this.#calls.delete(id);
    const { span, name, startedAt } = call;
    span.setAttributes(endAttributes(item));
    const tool = toolOf(item);
    if (tool && this.#recording.captureContent) span.setAttributes(contentAttributes(tool));
    const failure = failureOf(item);
    if (failure !== undefined) fail(span, failure);
    span.end();
    this.#recording.metrics.tool(performance.now() - startedAt, {
      [OPERATION]: "execute_tool",
      [TOOL_NAME]: name,
      ...(failure === undefined ? {} : { [ERROR_TYPE]: failure }),
    });
  }

  /** Subtracts the tokens that the thread had used before the turn. */
  #count(tokens: Foreign): void {
    const [total, last] = [usageOf(tokens.total), usageOf(tokens.last)];
    if (!total || !last) return;
    this.#usedBefore ??= minus(total, last);
    this.#usage = minus(total, this.#usedBefore);
  }
}
