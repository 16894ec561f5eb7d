import { type Context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import type { TraceContext } from "../util/channels.ts";

/** The context as the program's propagator writes it, if that is W3C Trace Context. */
export function carried(active: Context): TraceContext | undefined {
  const carrier: { traceparent?: string; tracestate?: string } = {};
  propagation.inject(active, carrier);
  const { traceparent, tracestate } = carrier;
  if (traceparent === undefined) return undefined;
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}

/** The context of a trace that another process sent here. */
export function resumed(carrier: TraceContext | undefined): Context {
  return carrier ? propagation.extract(ROOT_CONTEXT, carrier) : ROOT_CONTEXT;
}
