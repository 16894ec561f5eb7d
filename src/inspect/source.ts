import type { Codex } from "../client/codex.ts";
import type { LiveLog } from "../trace/live-log.ts";

/** What is inspected: a running client, or a trace file. */
export type Source = LiveSource | TraceSource;

export interface LiveSource {
  readonly kind: "live";
  readonly codex: Codex;
  /** The lines that the client's recorder writes. */
  readonly log: LiveLog;
}

export interface TraceSource {
  readonly kind: "trace";
  /** The last file of the trace. */
  readonly file: string;
}

/** The source's description, as sent to the page. */
export interface SourceInfo {
  readonly kind: Source["kind"];
  /** The name of the trace, or the kind of the server's endpoint. */
  readonly name: string;
  /** The version of this package. */
  readonly version: string;
}
