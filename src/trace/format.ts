/** Version of the format. A reader refuses traces with a newer one. */
export const TRACE_VERSION = 1;

/** The first line of each file of a trace. */
export interface TraceHeader {
  readonly trace: "codex-app-server";
  readonly version: number;
  /** The same in all files of one trace. */
  readonly id: string;
  /** 1 for the first file; a file that has reached its size is followed by the next. */
  readonly part: number;
  /** When the trace began, as an ISO 8601 date. */
  readonly startedAt: string;
  /** The version of this package. */
  readonly client: string;
  /** Such as "node v24.0.0 linux-x64". */
  readonly runtime: string;
  readonly pid: number;
  readonly endpoint: TracedEndpoint;
}

/** How the server was reached. */
export interface TracedEndpoint {
  readonly name: string;
  readonly outlivesTransport: boolean;
}

export type Direction = "send" | "receive";

/**
 * A message that was sent or received, or an event. `at` is in milliseconds since the trace began.
 */
export type TraceEntry = TraceMessage | TraceEvent;

export interface TraceMessage {
  readonly at: number;
  readonly direction: Direction;
  /** The message; a string if it isn't JSON. */
  readonly message: unknown;
}

export interface TraceEvent {
  readonly at: number;
  readonly event: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * A group of deltas that the server sent at the same time, and that are recorded one microsecond
 * apart: when the first arrived, the server's `emittedAtMs` or null, and the length of each delta's
 * text.
 */
export type DeltaGroup = [at: number, emittedAtMs: number | null, ...lengths: number[]];
