/** Counts the work in progress, and reports when it begins and when all of it has ended. */
export declare class Work {
    #private;
    constructor(changed: (busy: boolean) => void);
    get isBusy(): boolean;
    /** Dispose of the result when the work has ended. */
    begin(): Disposable;
    /** Counts until the promise has settled. */
    until(settled: Promise<unknown>): void;
}
//# sourceMappingURL=work.d.ts.map