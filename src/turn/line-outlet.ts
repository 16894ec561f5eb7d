import type { DeltaLine, LineTarget } from "./delta-line.ts";
import type { EventLog } from "./event-log.ts";

/**
 * The destination of the lines of a turn's deltas while only its log needs them. Keeping a closed
 * outlet doesn't keep the log in memory.
 */
export class LineOutlet implements LineTarget {
  #log: EventLog | undefined;
  #hasFlowed = false;

  open(log: EventLog): void {
    this.#log = log;
  }

  close(): void {
    this.#log = undefined;
  }

  acceptLine(line: DeltaLine): boolean {
    if (this.#log === undefined) return false;
    this.#hasFlowed = true;
    this.#log.appendLine(line);
    return true;
  }

  /** Whether a line has arrived since the last call. */
  hasFlowed(): boolean {
    const flowed = this.#hasFlowed;
    this.#hasFlowed = false;
    return flowed;
  }
}
