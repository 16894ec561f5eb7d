import type { Notification } from "../rpc/messages.js";
import type { DeltaLine } from "./delta-line.js";
import type { ItemText } from "./item-texts.js";
import { LogReader, type ReadLog, type Wakeable } from "./log-reader.js";
import type { StreamedDeltas } from "./unfinished.js";
import { Wakes } from "./wakes.js";
export interface EventLogOptions {
    /** Whether every reader gets everything. Otherwise each gets what comes after it was made. */
    readonly retain: boolean;
    /** Wakes the readers of several logs together. */
    readonly wakes?: Wakes | undefined;
}
/**
 * Notifications for any number of readers, early or late. Each reader gets all of them in order,
 * with two exceptions that bound the cost of late and slow readers. Unread deltas of one part are
 * joined, where only deltas stood between them; a reader that keeps up gets each delta unchanged,
 * except that those of one iteration of the event loop are joined. And a log that retains
 * everything drops a snapshot when the next one replaces it; see `snapshotKey`.
 */
export declare class EventLog implements ReadLog, StreamedDeltas {
    #private;
    constructor({ retain, wakes }: EventLogOptions);
    /** From now on every reader gets everything. */
    retain(): void;
    append(notification: Notification): void;
    /** The same as `append` of the line's notification. */
    appendLine(line: DeltaLine): void;
    /** No more will come. With a reason, readers get it thrown after the last notification. */
    end(reason?: unknown): void;
    get ending(): {
        readonly reason: unknown;
    } | undefined;
    read(): LogReader;
    /** The reader yields what `pick` returns for each notification, and skips undefined. */
    read<T>(pick: (notification: Notification) => T | undefined): LogReader<T>;
    get hasReaders(): boolean;
    /** The deltas of an item that is not completed, joined by part. */
    streamed(itemId: string): ItemText[];
    /** The ids of items that are not completed and have deltas, in the order of their first ones. */
    get streaming(): Iterable<string>;
    /** Everything retained except the deltas. */
    notifications(): Generator<Notification, void>;
    wakeLater(reader: Wakeable): void;
    leave(reader: Wakeable): void;
    /** Gives waiting readers what there is. */
    wake(): void;
}
//# sourceMappingURL=event-log.d.ts.map