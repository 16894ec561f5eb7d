import type { Notification } from "../rpc/messages.ts";
import type { DeltaRun } from "./delta-run.ts";
import type { DeltaPart } from "./deltas.ts";

/** With more runs, finding the one for a delta would be slow. */
const MAX_RUNS = 16;

/** The deltas between two other notifications, one run for each part of an item. */
export class DeltaGroup {
  readonly runs: DeltaRun[] = [];
  /** The run of the last delta: most deltas belong to the same part as the one before. */
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

  /** Notes that all waiting readers have received what has arrived. */
  settle(): void {
    for (const run of this.runs) run.settle();
  }

  /** Notes that nothing more will be added to the group. */
  close(): void {
    for (const run of this.runs) run.close();
  }

  add(run: DeltaRun): void {
    this.runs.push(run);
    this.#last = run;
  }
}

/**
 * One entry of a log. It refers to its successor and not to its predecessor, so entries that all
 * readers have passed can be garbage-collected.
 */
export class Entry {
  /** Undefined if there is nothing to read. */
  content: Notification | DeltaGroup | undefined;
  next: Entry | undefined;
  /** Set only in a log that retains everything. */
  previous: Entry | undefined;

  constructor(content?: Notification | DeltaGroup) {
    this.content = content;
  }

  /**
   * Removes the entry from the log. A reader that has reached this entry still finds the ones after
   * it.
   */
  remove(): void {
    this.content = undefined;
    if (this.previous) this.previous.next = this.next;
    if (this.next) this.next.previous = this.previous;
  }
}
