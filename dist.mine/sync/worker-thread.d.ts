import { type CodexError } from "../errors/errors.js";
import { type ToCaller, type ToWorker } from "./messages.js";
/** Why no more calls can be made. */
export interface WorkerEnd {
    /** The error of calls from now on: a new one for each. */
    error(): CodexError;
    /** Whether the worker failed, and wasn't ended by its client. */
    readonly failed: boolean;
}
/** A message of the worker that isn't about its own start or end. */
export type WorkerMessage = Exclude<ToCaller, {
    kind: "loadFailed" | "exited";
}>;
/**
 * The worker thread as the calling thread sees it. Every wait ends soon after the worker has, however
 * it ended: the worker reports what it can, and what it can't report shows in the state of its port.
 */
export declare class WorkerThread {
    #private;
    /**
     * @param moduleUrl The module that exports `serveCalls`.
     * @throws LaunchError when no worker thread can be started.
     */
    constructor(moduleUrl: () => string);
    /** `listener` is called once, when no more calls can be made. */
    onEnd(listener: () => void): void;
    /** Why no more calls can be made; undefined while the worker serves. */
    get end(): WorkerEnd | undefined;
    /** How many messages the worker has posted: read it before `receive`, then give it to `wait`. */
    get messageCount(): number;
    /** @throws DataCloneError for a message that can't be copied. */
    post(message: ToWorker): void;
    /** The next message, if there is one. */
    receive(): WorkerMessage | undefined;
    /**
     * Waits until the worker has posted more than `seen` messages, or has ended.
     * @throws InterruptedError on Ctrl-C.
     */
    wait(seen: number): void;
    /** The worker has failed. The first cause counts. */
    fail(cause: unknown): void;
    /** Ends the worker. Later calls fail with this message. */
    stop(message: string): void;
}
/** The worker's module, beside this one in the package. */
export declare function workerModuleUrl(): string;
//# sourceMappingURL=worker-thread.d.ts.map