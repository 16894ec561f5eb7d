import { type DeltaNotification, type DeltaPart } from "./deltas.js";
/** A delta as its line says it; the notification is made only for those who want one. */
export declare class DeltaLine {
    #private;
    readonly part: DeltaTarget;
    readonly text: string;
    /** `timed`: whether the line ends with the time at which the server sent it. */
    constructor(part: DeltaTarget, text: string, line: string, timed: boolean);
    /** The digits of the time at which the server sent it; empty if it isn't known. */
    get time(): string;
    /** The line as it arrived. */
    get raw(): string;
    /** The same as parsing the line gives, or with another text. */
    notification(text?: string): DeltaNotification;
}
export interface DeltaTarget extends DeltaPart {
    readonly params: {
        readonly threadId: string;
        readonly turnId: string;
        readonly itemId: string;
    };
}
/** Takes the lines of one turn's deltas; false when it needs their notifications. */
export interface LineTarget {
    acceptLine(line: DeltaLine): boolean;
}
/**
 * The form of the lines of one item's deltas. Reads them by how they begin and end, at a fraction
 * of what parsing costs. Takes lines of exactly the form that servers write; all others are for
 * `JSON.parse`.
 */
export declare class DeltaForm {
    readonly part: DeltaTarget;
    /** A line up to its text. */
    readonly head: string;
    /** Where the id of the thread stands in each line. */
    readonly threadAt: number;
    /** Set by the router of the lines: where the last line of this form went, and its routes then. */
    target: LineTarget | undefined;
    routes: number;
    constructor(head: string, part: DeltaTarget);
    /** The form of this line and those like it. */
    static of(line: string): DeltaForm | undefined;
    get threadId(): string;
    /** Whether the line is of this form but for its text and what follows. */
    begins(line: string): boolean;
    /** Reads a line that this form begins. */
    read(line: string): DeltaLine | undefined;
}
//# sourceMappingURL=delta-line.d.ts.map