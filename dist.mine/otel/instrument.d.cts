import { type MeterProvider, type TracerProvider } from "@opentelemetry/api";
export interface InstrumentOptions {
    /** Default: the global one. */
    readonly tracerProvider?: TracerProvider | undefined;
    /** Default: the global one. */
    readonly meterProvider?: MeterProvider | undefined;
    /** Whether each request to the server has a span of its own. Default true. */
    readonly requests?: boolean | undefined;
    /**
     * Whether the arguments and results of tool calls are recorded, which can hold secrets. Default:
     * whether the variable `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is "true".
     */
    readonly captureContent?: boolean | undefined;
}
/**
 * Records the turns of all clients of this process with OpenTelemetry, from now on: spans for turns,
 * tool calls, approvals and requests inside the caller's trace, and metrics for durations and
 * tokens. The trace context is sent to the server. Dispose of the result to stop.
 * @throws TypeError for an unknown option, or one of the wrong type.
 *
 * @example
 * using _recording = instrument();
 * await using codex = new Codex();
 */
export declare function instrument(options?: InstrumentOptions): Disposable;
//# sourceMappingURL=instrument.d.ts.map