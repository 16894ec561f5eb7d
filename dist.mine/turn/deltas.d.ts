import type { Notification } from "../rpc/messages.js";
/** What says to which part of which item a delta adds. */
export interface DeltaPart {
    readonly method: string;
    readonly params: {
        readonly turnId?: string;
        readonly itemId: string;
        readonly summaryIndex?: number;
        readonly contentIndex?: number;
    };
}
/** A notification that adds text to one part of one item. Two of the same part can be joined without loss. */
export interface DeltaNotification extends DeltaPart, Notification {
    readonly params: DeltaPart["params"] & {
        readonly delta: string;
    };
}
export declare function isDeltaMethod(method: string): boolean;
export declare function isDelta(notification: Notification): notification is DeltaNotification;
/** The same text without the larger strings that its pieces were cut from, which a cut keeps alive. */
export declare function detached(text: string): string;
//# sourceMappingURL=deltas.d.ts.map