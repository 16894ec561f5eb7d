import { type Channel, channel } from "node:diagnostics_channel";

/** W3C Trace Context, which the server continues. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** A request of this client: the same object is published at its start and its end. */
export interface RequestDiagnostics {
  readonly method: string;
  readonly params: unknown;
  /** A trace context to send with the request. A subscriber to the start channel can set it. */
  trace?: TraceContext | undefined;
  /** At the end: the result, unless the request failed. */
  result?: unknown;
  /** At the end: the error, if the request failed. */
  error?: unknown;
}

/** A turn for which this program has a handle: the same object is published at its start and its end. */
export interface TurnDiagnostics {
  readonly threadId: string;
  readonly turnId: string;
  /** At the end: how the turn ended; undefined if that isn't known. */
  status?: string | undefined;
  /** At the end: why the turn failed, as the server reports it, or why its end isn't known. */
  error?: unknown;
}

/** A notification of a turn, as the server sent it. Deltas aren't published. */
export interface TurnNotificationDiagnostics {
  readonly threadId: string;
  readonly turnId: string;
  readonly method: string;
  readonly params: unknown;
}

/** A server request, such as an approval: the same object is published at its start and its end. */
export interface ServerRequestDiagnostics {
  readonly method: string;
  readonly params: unknown;
  /**
   * Can be set by a subscriber to the start channel: calls the function that answers the request, for
   * example in a new async context.
   */
  run?: (<T>(answer: () => T) => T) | undefined;
  /** At the end: the answer. */
  result?: unknown;
  /** At the end: if there is no answer, the error that was sent, or why no answer was needed. */
  error?: unknown;
}

/** A turn that is submitted to a fleet: the same object is published at its start and its end. */
export interface FleetSubmitDiagnostics {
  /** The fleet's name. */
  readonly fleet: string;
  readonly turn: string;
  readonly thread: string;
  readonly tenant: string;
  /** A trace context to send to the worker with the turn. A subscriber to the start channel can set it. */
  trace?: TraceContext | undefined;
  /** At the end: the error, if submitting the turn failed. */
  error?: unknown;
}

/** A turn of a fleet on one of its workers: the same object is published at its start and its end. */
export interface FleetTurnDiagnostics {
  /** The fleet's name. */
  readonly fleet: string;
  readonly turn: string;
  readonly thread: string;
  readonly tenant: string;
  readonly worker: string;
  /** How many workers have claimed the turn, including this one. */
  readonly attempt: number;
  /**
   * How long the turn waited for this worker after it was due, in milliseconds, by the machines'
   * clocks.
   */
  readonly waitedMs: number;
  /** The trace context with which the turn was submitted. */
  readonly trace: TraceContext | undefined;
  /**
   * Can be set by a subscriber to the start channel: calls the function that runs the turn, for example
   * in a new async context.
   */
  run?: (<T>(work: () => T) => T) | undefined;
  /** At the end: how the turn ended; undefined if it didn't end on this worker. */
  status?: string | undefined;
  /** At the end: why the turn failed, or why it didn't end on this worker. */
  error?: unknown;
}

/** The load of a fleet, as its workers and `fleet.status()` measure it. */
export interface FleetLoadDiagnostics {
  /** The fleet's name. */
  readonly fleet: string;
  /** How many turns are running. */
  readonly running: number;
  /** How many turns are waiting for a worker. */
  readonly waiting: number;
  /**
   * How many turns are waiting for their start time, for an earlier turn of their thread, or because of a
   * limit.
   */
  readonly delayed: number;
}

/** The message published on each channel of `node:diagnostics_channel`. */
export interface DiagnosticsChannels {
  readonly "codex-app-server:request:start": RequestDiagnostics;
  readonly "codex-app-server:request:end": RequestDiagnostics;
  readonly "codex-app-server:turn:start": TurnDiagnostics;
  readonly "codex-app-server:turn:notification": TurnNotificationDiagnostics;
  readonly "codex-app-server:turn:end": TurnDiagnostics;
  readonly "codex-app-server:server-request:start": ServerRequestDiagnostics;
  readonly "codex-app-server:server-request:end": ServerRequestDiagnostics;
  readonly "codex-app-server:fleet-submit:start": FleetSubmitDiagnostics;
  readonly "codex-app-server:fleet-submit:end": FleetSubmitDiagnostics;
  readonly "codex-app-server:fleet-turn:start": FleetTurnDiagnostics;
  readonly "codex-app-server:fleet-turn:end": FleetTurnDiagnostics;
  readonly "codex-app-server:fleet-load": FleetLoadDiagnostics;
}

/** The channels of `node:diagnostics_channel` to which this package publishes, by subject. */
export const channels: {
  readonly request: Pair;
  readonly turn: Pair & { readonly notification: Channel };
  readonly serverRequest: Pair;
  readonly fleetSubmit: Pair;
  readonly fleetTurn: Pair;
  readonly fleetLoad: Channel;
} = {
  request: pair("request"),
  turn: { ...pair("turn"), notification: channel("codex-app-server:turn:notification") },
  serverRequest: pair("server-request"),
  fleetSubmit: pair("fleet-submit"),
  fleetTurn: pair("fleet-turn"),
  fleetLoad: channel("codex-app-server:fleet-load"),
};

interface Pair {
  readonly start: Channel;
  readonly end: Channel;
}

function pair(name: string): Pair {
  return {
    start: channel(`codex-app-server:${name}:start`),
    end: channel(`codex-app-server:${name}:end`),
  };
}

/**
 * Publishes a start, if the channel has subscribers; returns a function that publishes the end,
 * once.
 */
export function begin<Event extends object>(
  { start, end }: Pair,
  event: Event,
): (outcome: Partial<Event>) => void {
  start.publish(event);
  let isOver = false;
  return (outcome) => {
    if (isOver) return;
    isOver = true;
    end.publish(Object.assign(event, outcome));
  };
}

/** Whether either channel has subscribers. */
export function isObserved({ start, end }: Pair): boolean {
  return start.hasSubscribers || end.hasSubscribers;
}
