import type { DeltaLine, LineTarget } from "./delta-line.ts";
import type { EventLog } from "./event-log.ts";

/**
 * Where the lines of a turn's deltas go while nothing but its log needs them. What remembers the
 * outlet does not keep the log alive once it is closed.
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

  /** Whether a line has come since this was last asked. */
  hasFlowed(): boolean {
    const flowed = this.#hasFlowed;
    this.#hasFlowed = false;
    return flowed;
  }
}
