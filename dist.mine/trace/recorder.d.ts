import { type Direction, type TracedEndpoint } from "./format.js";
import type { TraceMask } from "./mask.js";
import { type TraceOptions } from "./options.js";
export interface RecorderOptions extends TraceOptions {
    readonly endpoint: TracedEndpoint;
    readonly mask: TraceMask;
    /** The trace can't be written any more. Called once. */
    readonly failed: (file: string, cause: unknown) => void;
}
/**
 * Writes what a client and its server send, and what happens to their connection, as the format
 * describes it. Begins with the first entry. Never throws.
 */
export declare class TraceRecorder implements Disposable {
    #private;
    constructor(options: RecorderOptions);
    message(direction: Direction, text: string): void;
    /** A delta that was received: its line up to its text, the text, and the digits of its `emittedAtMs`. */
    delta(head: string, text: string, time: string): void;
    /** `details` are masked like messages. */
    event(event: string, details?: object): void;
    [Symbol.dispose](): void;
}
//# sourceMappingURL=recorder.d.ts.map