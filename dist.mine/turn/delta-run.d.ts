import { DeltaLine } from "./delta-line.js";
import type { DeltaNotification, DeltaPart } from "./deltas.js";
import { TextStore } from "./text-store.js";
/** A delta as its notification or as its line. */
export type Delta = DeltaNotification | DeltaLine;
export declare function notificationOf(delta: Delta): DeltaNotification;
/** The text of consecutive deltas of one part of one item. */
export declare class DeltaRun extends TextStore {
    #private;
    constructor(like: DeltaNotification);
    get part(): DeltaPart;
    takes(part: DeltaPart): boolean;
    /** Nothing more comes soon. */
    close(): void;
    /** Keeps a delta that is about to be appended, to hand it on unchanged, unless it keeps an earlier one. */
    expect(delta: Delta): void;
    /** All waiting readers have been given what has arrived. */
    settle(): void;
    /** One notification for all the text from `offset` on. */
    notificationFrom(offset: number): DeltaNotification;
    share(whole: string, at: number): boolean;
}
//# sourceMappingURL=delta-run.d.ts.map