import {
  type Attributes,
  context,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { errorView } from "../timeline/errors.ts";
import type {
  FleetLoadDiagnostics,
  FleetSubmitDiagnostics,
  FleetTurnDiagnostics,
} from "../util/channels.ts";
import {
  ERROR_TYPE,
  FLEET,
  FLEET_ATTEMPT,
  FLEET_TENANT,
  FLEET_THREAD,
  FLEET_WAIT,
  FLEET_WORKER,
  TURN_STATUS,
} from "./attributes.ts";
import { carried, resumed } from "./carried.ts";
import { fail, failWith, typeOf } from "./failure.ts";
import type { FleetMetrics } from "./fleet-metrics.ts";

interface Running {
  readonly span: Span;
  readonly startedAt: number;
}

/** Spans and metrics of fleets: of submissions, and of the turns that workers run, in one trace. */
export class FleetSpans {
  readonly #tracer: Tracer;
  readonly #metrics: FleetMetrics;
  readonly #submissions = new WeakMap<FleetSubmitDiagnostics, Span>();
  readonly #turns = new Map<FleetTurnDiagnostics, Running>();

  constructor(tracer: Tracer, metrics: FleetMetrics) {
    this.#tracer = tracer;
    this.#metrics = metrics;
  }

  submitting(event: FleetSubmitDiagnostics): void {
    const attributes = {
      ...messaging(event, "send"),
      [FLEET_THREAD]: event.thread,
      [FLEET_TENANT]: event.tenant,
    };
    const options = { kind: SpanKind.PRODUCER, attributes };
    const span = this.#tracer.startSpan(`send ${event.fleet}`, options);
    this.#submissions.set(event, span);
    event.trace = carried(trace.setSpan(context.active(), span));
  }

  submitted(event: FleetSubmitDiagnostics): void {
    const span = this.#submissions.get(event);
    if (span && event.error !== undefined) failWith(span, event.error);
    span?.end();
  }

  started(event: FleetTurnDiagnostics): void {
    const attributes = {
      ...messaging(event, "process"),
      [FLEET_THREAD]: event.thread,
      [FLEET_TENANT]: event.tenant,
      [FLEET_WORKER]: event.worker,
      [FLEET_ATTEMPT]: event.attempt,
      [FLEET_WAIT]: event.waitedMs,
    };
    const parent = resumed(event.trace);
    const options = { kind: SpanKind.CONSUMER, attributes };
    const span = this.#tracer.startSpan(`process ${event.fleet}`, options, parent);
    this.#turns.set(event, { span, startedAt: performance.now() });
    const inner = trace.setSpan(parent, span);
    event.run = (work) => context.with(inner, work);
    // A turn of a lost worker has waited for the end of that worker's claim, not for its place in the queue.
    if (event.attempt === 1) this.#metrics.waited(event.waitedMs, { [FLEET]: event.fleet });
  }

  ended(event: FleetTurnDiagnostics): void {
    const running = this.#turns.get(event);
    if (!running) return;
    this.#turns.delete(event);
    const { span, startedAt } = running;
    const { status } = event;
    if (status !== undefined) span.setAttribute(TURN_STATUS, status);
    const failure = markFailure(span, event);
    span.end();
    this.#metrics.ran(performance.now() - startedAt, {
      [FLEET]: event.fleet,
      ...(status === undefined ? {} : { [TURN_STATUS]: status }),
      ...(failure === undefined ? {} : { [ERROR_TYPE]: failure }),
    });
  }

  load(event: FleetLoadDiagnostics): void {
    this.#metrics.load(event);
  }

  /** Stops recording: the spans of running turns are cut off. */
  end(): void {
    for (const { span } of this.#turns.values()) {
      failWith(span, new Error("The instrumentation was stopped"));
      span.end();
    }
    this.#turns.clear();
  }
}

/** The attributes of the semantic conventions for messaging. */
function messaging(
  { fleet, turn }: FleetSubmitDiagnostics | FleetTurnDiagnostics,
  operation: "send" | "process",
): Attributes {
  return {
    "messaging.system": "bullmq",
    "messaging.operation.type": operation,
    "messaging.operation.name": operation,
    "messaging.destination.name": fleet,
    "messaging.message.id": turn,
    [FLEET]: fleet,
  };
}

/** Marks the span of a turn that failed, or didn't end on this worker. Returns the type of the error. */
function markFailure(span: Span, { status, error }: FleetTurnDiagnostics): string | undefined {
  if (status === "completed" || status === "interrupted") return undefined;
  const view = error instanceof Error ? null : errorView(error);
  if (view) fail(span, view.code ?? "_OTHER", view.message);
  else failWith(span, error);
  return view ? (view.code ?? "_OTHER") : typeOf(error);
}
