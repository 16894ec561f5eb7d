/**
 * Settles like `promise`, or rejects with the signal's reason as soon as it aborts. A value that
 * arrives after the abort is passed to `discard`, which releases it.
 */
export declare function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, discard?: (late: T) => void): Promise<T>;
/** @throws TypeError if it isn't a signal. */
export declare function checkSignal(signal: unknown): void;
/**
 * Runs `listener` once when the signal aborts, at once if it has. Returns what takes the listener
 * off. Any number may wait for one signal.
 */
export declare function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void;
/** A signal that aborts with the first of several. Dispose of it when the work is done. */
export interface EitherSignal extends Disposable {
    readonly signal: AbortSignal;
}
export declare function either(...signals: readonly (AbortSignal | undefined)[]): EitherSignal;
/** Waits this many milliseconds; rejects with the signal's reason if it aborts. */
export declare function delay(ms: number, signal?: AbortSignal): Promise<void>;
/** The value of the promise, or undefined after `ms` milliseconds. A rejection is passed on. */
export declare function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined>;
//# sourceMappingURL=abort.d.ts.map