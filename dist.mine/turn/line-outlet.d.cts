import type { DeltaLine, LineTarget } from "./delta-line.cjs";
import type { EventLog } from "./event-log.cjs";
/**
 * Where the lines of a turn's deltas go while only its log needs them. A closed outlet can be kept
 * without keeping the log in memory.
 */
export declare class LineOutlet implements LineTarget {
    #private;
    open(log: EventLog): void;
    close(): void;
    acceptLine(line: DeltaLine): boolean;
    /** Whether a line has arrived since the last call. */
    hasFlowed(): boolean;
}
//# sourceMappingURL=line-outlet.d.ts.map