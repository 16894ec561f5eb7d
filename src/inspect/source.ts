import type { Codex } from "../client/codex.ts";
import type { LiveLog } from "../trace/live-log.ts";

/** What is inspected: a client while it runs, or the file of a trace. */
export type Source = LiveSource | TraceSource;

export interface LiveSource {
  readonly kind: "live";
  readonly codex: Codex;
  /** What the client's recorder writes. */
  readonly log: LiveLog;
}

export interface TraceSource {
  readonly kind: "trace";
  /** The last file of the trace. */
  readonly file: string;
}

/** What the page is told about its source. */
export interface SourceInfo {
  readonly kind: Source["kind"];
  /** Of the trace, or the server's kind of endpoint. */
  readonly name: string;
  /** The version of this package. */
  readonly version: string;
}
