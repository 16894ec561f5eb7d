import { context, type Span, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { type Foreign, recordOf, textOrNull } from "../timeline/foreign.ts";
import type { ServerRequestDiagnostics } from "../util/channels.ts";
import { DECISION, RPC_METHOD } from "./attributes.ts";
import { failWith } from "./failure.ts";
import type { Turns } from "./turns.ts";

const TOOL_CALL = "item/tool/call";

/** The kind of each request, for the names of spans. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["item/commandExecution/requestApproval", "approval command"],
  ["item/fileChange/requestApproval", "approval fileChange"],
  ["item/permissions/requestApproval", "approval permissions"],
  ["execCommandApproval", "approval command"],
  ["applyPatchApproval", "approval fileChange"],
  ["item/tool/requestUserInput", "question"],
  ["mcpServer/elicitation/request", "elicitation"],
]);

/** Spans of the server's requests during a turn. */
export class ServerRequestSpans {
  readonly #tracer: Tracer;
  readonly #turns: Turns;
  readonly #spans = new WeakMap<ServerRequestDiagnostics, Span>();

  constructor(tracer: Tracer, turns: Turns) {
    this.#tracer = tracer;
    this.#turns = turns;
  }

  started(event: ServerRequestDiagnostics): void {
    const { method } = event;
    const params = recordOf(event.params);
    const turn = this.#turns.of(params.threadId ?? params.conversationId, params.turnId);
    if (!turn) return;
    const parent = turn.contextOf(params.itemId ?? params.callId);
    // A tool call already has a span.
    const isCall = method === TOOL_CALL;
    const inner = isCall ? parent : trace.setSpan(parent, this.#start(event, parent));
    event.run = (answer) => context.with(inner, answer);
  }

  ended(event: ServerRequestDiagnostics): void {
    const span = this.#spans.get(event);
    if (!span) return;
    if (event.error !== undefined) failWith(span, event.error);
    else {
      const decision = decisionOf(recordOf(event.result));
      if (decision !== null) span.setAttribute(DECISION, decision);
    }
    span.end();
  }

  #start(event: ServerRequestDiagnostics, parent: ReturnType<typeof context.active>): Span {
    const { method } = event;
    const options = { kind: SpanKind.INTERNAL, attributes: { [RPC_METHOD]: method } };
    const span = this.#tracer.startSpan(NAMES.get(method) ?? method, options, parent);
    this.#spans.set(event, span);
    return span;
  }
}

/** The decision as one word: a decision can be an object whose only member is its name. */
function decisionOf({ decision, action }: Foreign): string | null {
  const named = Object.keys(recordOf(decision))[0];
  return textOrNull(decision) ?? named ?? textOrNull(action);
}
