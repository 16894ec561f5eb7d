import type { Notification } from "../rpc/messages.ts";
import type { DeltaRun } from "./delta-run.ts";
import type { DeltaPart } from "./deltas.ts";

/** More would make it slow to find the run of a delta. */
const MAX_RUNS = 16;

/** The deltas between two other notifications, one run for each part of an item. */
export class DeltaGroup {
  readonly runs: DeltaRun[] = [];
  /** That of the last delta: most are of the same part as the one before. */
  #last: DeltaRun | undefined;

  get isFull(): boolean {
    return this.runs.length >= MAX_RUNS;
  }

  runOf(part: DeltaPart): DeltaRun | undefined {
    if (this.#last?.takes(part)) return this.#last;
    const found = this.runs.find((run) => run.takes(part));
    if (found) this.#last = found;
    return found;
  }

  /** The readers that waited have what has come. */
  settle(): void {
    for (const run of this.runs) run.settle();
  }

  /** Nothing more comes to the group. */
  close(): void {
    for (const run of this.runs) run.close();
  }

  add(run: DeltaRun): void {
    this.runs.push(run);
    this.#last = run;
  }
}

/**
 * One place in a log. It leads to all that comes after it and to nothing before it, so that what
 * every reader has passed is forgotten.
 */
export class Entry {
  /** Undefined where there is nothing to read. */
  content: Notification | DeltaGroup | undefined;
  next: Entry | undefined;
  /** Set only in a log that keeps everything. */
  previous: Entry | undefined;

  constructor(content?: Notification | DeltaGroup) {
    this.content = content;
  }

  /** Leaves the log. A reader that stands here still finds what comes after it. */
  remove(): void {
    this.content = undefined;
    if (this.previous) this.previous.next = this.next;
    if (this.next) this.next.previous = this.previous;
  }
}
