import type { Codex } from "../client/codex.ts";
import type { Fleet } from "../fleet/index.ts";
import type { LiveLog } from "../trace/live-log.ts";

/** What is inspected: a running client, a trace file, or a fleet. */
export type Source = LiveSource | TraceSource | FleetSource;

export interface LiveSource {
  readonly kind: "live";
  readonly codex: Codex;
  /** The lines that the client's recorder writes. */
  readonly log: LiveLog;
}

export interface TraceSource {
  readonly kind: "trace";
  /** The path of the trace's last file. */
  readonly file: string;
}

export interface FleetSource {
  readonly kind: "fleet";
  readonly fleet: Fleet;
  /** The fleet's name. */
  readonly name: string;
}

/** The source's description, as sent to the page. */
export interface SourceInfo {
  readonly kind: Source["kind"];
  /** The name of the trace or fleet. */
  readonly name: string;
  /** The version of this package. */
  readonly version: string;
}
