import type { ThreadView } from "../../src/timeline/index.ts";
import type { TraceHeader } from "../../src/trace/format.ts";
import { recordIn } from "../../src/trace/lines.ts";
import { timelineOf } from "../../src/traffic/timeline-of.ts";
import { Traffic } from "../../src/traffic/traffic.ts";
import { Store } from "./store.ts";

/** How many rows are kept of a live server; it may run for days. */
const MAX_ROWS = 100_000;

/** What has been recorded so far. */
export class Recording extends Store {
  traffic: Traffic = new Traffic();
  header: TraceHeader | undefined;
  /** Whether its beginning is missing. */
  isCut = false;
  /** Whether more can follow. */
  isLive: boolean;
  /** How much of it has been read, from 0 to 1. */
  progress = 0;
  /** When its last entry arrived, by the clock of this page. */
  #lastAt = performance.now();
  readonly #views = new Map<string, { readonly version: number; readonly view: ThreadView }>();

  constructor(isLive: boolean) {
    super();
    this.isLive = isLive;
  }

  begin(header: TraceHeader | undefined, isCut: boolean): void {
    this.traffic = new Traffic();
    this.#views.clear();
    this.header = header;
    this.isCut = isCut;
    this.changed();
  }

  addLine(line: string): void {
    const record = recordIn(line);
    if (record === undefined) return;
    this.traffic.add(record);
    if (this.isLive && this.traffic.rows.length > MAX_ROWS) {
      this.traffic.forget(MAX_ROWS / 5);
      this.isCut = true;
    }
    this.#lastAt = performance.now();
    if ("event" in record && record.event === "end") this.end();
    this.changed();
  }

  /** Ends the recording. */
  end(): void {
    this.isLive = false;
    this.traffic.end();
    this.changed();
  }

  /** The current time of the trace, which advances while it is being recorded. */
  get now(): number {
    const { endedAt } = this.traffic;
    return this.isLive ? endedAt + performance.now() - this.#lastAt : endedAt;
  }

  /** The timeline of a thread, from what was recorded. */
  view(threadId: string): ThreadView {
    const known = this.#views.get(threadId);
    if (known?.version === this.version) return known.view;
    const view = timelineOf(threadId, this.traffic.rows).snapshot;
    this.#views.set(threadId, { version: this.version, view });
    return view;
  }
}
