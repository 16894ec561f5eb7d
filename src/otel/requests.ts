import { type Context, context, type Span, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import type { RequestDiagnostics } from "../util/channels.ts";
import { RPC_METHOD } from "./attributes.ts";
import { carried } from "./carried.ts";
import { failWith } from "./failure.ts";
import type { Turns } from "./turns.ts";

/** Spans of requests to the server, in the caller's trace, and the trace context that they carry. */
export class RequestSpans {
  readonly #tracer: Tracer | undefined;
  readonly #turns: Turns;
  readonly #spans = new WeakMap<RequestDiagnostics, Span>();

  /** Without a tracer, only the trace context is sent. */
  constructor(tracer: Tracer | undefined, turns: Turns) {
    this.#tracer = tracer;
    this.#turns = turns;
  }

  started(event: RequestDiagnostics): void {
    const parent = this.#turns.asks(event) ?? context.active();
    // Requests that the client makes on its own belong to no trace.
    if (!trace.getSpan(parent)) return;
    event.trace = carried(this.#start(event, parent));
  }

  ended(event: RequestDiagnostics): void {
    const span = this.#spans.get(event);
    if (span && event.error !== undefined) failWith(span, event.error);
    span?.end();
    this.#turns.answered(event);
  }

  #start(event: RequestDiagnostics, parent: Context): Context {
    if (!this.#tracer) return parent;
    const { method } = event;
    const attributes = { "rpc.system.name": "jsonrpc", [RPC_METHOD]: method };
    const span = this.#tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes }, parent);
    this.#spans.set(event, span);
    return trace.setSpan(parent, span);
  }
}
