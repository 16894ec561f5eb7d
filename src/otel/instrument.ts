import { subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  diag,
  type MeterProvider,
  metrics as metricsApi,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { safeMessage } from "../text/secrets.ts";
import type { DiagnosticsChannels } from "../util/channels.ts";
import { boolean, type Check, isThing, requireOptions } from "../util/checks.ts";
import { messageOf } from "../util/describe.ts";
import { version } from "../version.ts";
import { FleetSpans } from "./fleet.ts";
import { FleetMetrics } from "./fleet-metrics.ts";
import { Metrics } from "./metrics.ts";
import { RequestSpans } from "./requests.ts";
import { ServerRequestSpans } from "./server-requests.ts";
import { Turns } from "./turns.ts";

export interface InstrumentOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider | undefined;
  /** Whether each request to the server gets its own span. Default true. */
  readonly requests?: boolean | undefined;
  /**
   * Whether the arguments and results of tool calls are recorded. They can contain secrets. Default:
   * true if the variable `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is "true", otherwise false.
   */
  readonly captureContent?: boolean | undefined;
}

const CHECKS: Readonly<Record<keyof InstrumentOptions, Check>> = {
  tracerProvider: has("getTracer"),
  meterProvider: has("getMeter"),
  requests: boolean,
  captureContent: boolean,
};

/**
 * Records the turns of all clients of this process with OpenTelemetry, from now on: spans for turns,
 * tool calls, approvals and requests inside the caller's trace, and metrics for durations and
 * tokens. The trace context is sent to the server, and to a fleet's workers with each turn. Dispose of the result to stop.
 * @throws TypeError for an unknown option, or a value of the wrong type.
 *
 * @example
 * using _recording = instrument();
 * await using codex = new Codex();
 */
export function instrument(options: InstrumentOptions = {}): Disposable {
  requireOptions("instrument", options, CHECKS);
  const { tracerProvider = trace, meterProvider = metricsApi, requests = true } = options;
  const tracer = tracerProvider.getTracer("codex-app-server", version);
  const turns = new Turns({
    tracer,
    metrics: new Metrics(meterProvider),
    captureContent: options.captureContent ?? capturesByEnvironment(),
  });
  const sent = new RequestSpans(requests ? tracer : undefined, turns);
  const asked = new ServerRequestSpans(tracer, turns);
  const fleets = new FleetSpans(tracer, new FleetMetrics(meterProvider));
  const stops = [
    listen("codex-app-server:request:start", (request) => sent.started(request)),
    listen("codex-app-server:request:end", (request) => sent.ended(request)),
    listen("codex-app-server:turn:start", (turn) => turns.started(turn)),
    listen("codex-app-server:turn:notification", (notification) => turns.notified(notification)),
    listen("codex-app-server:turn:end", (turn) => turns.ended(turn)),
    listen("codex-app-server:server-request:start", (request) => asked.started(request)),
    listen("codex-app-server:server-request:end", (request) => asked.ended(request)),
    listen("codex-app-server:fleet-submit:start", (turn) => fleets.submitting(turn)),
    listen("codex-app-server:fleet-submit:end", (turn) => fleets.submitted(turn)),
    listen("codex-app-server:fleet-turn:start", (turn) => fleets.started(turn)),
    listen("codex-app-server:fleet-turn:end", (turn) => fleets.ended(turn)),
    listen("codex-app-server:fleet-load", (load) => fleets.load(load)),
  ];
  return {
    [Symbol.dispose]: () => {
      for (const stop of stops) stop();
      turns.end();
      fleets.end();
    },
  };
}

function listen<Name extends keyof DiagnosticsChannels>(
  name: Name,
  listener: (message: DiagnosticsChannels[Name]) => void,
): () => void {
  // An exception in a subscriber would end the process, and what is published comes from the server.
  const onMessage = (message: unknown) => {
    try {
      listener(message as DiagnosticsChannels[Name]);
    } catch (error) {
      diag.error(`codex-app-server: recording failed: ${safeMessage(messageOf(error))}`);
    }
  };
  subscribe(name, onMessage);
  return () => void unsubscribe(name, onMessage);
}

function capturesByEnvironment(): boolean {
  const value = process.env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT;
  return value?.toLowerCase() === "true";
}

function has(method: string): Check {
  return isThing(
    `an object with the function ${method}`,
    (value) => typeof (value as Record<string, unknown> | null)?.[method] === "function",
  );
}
