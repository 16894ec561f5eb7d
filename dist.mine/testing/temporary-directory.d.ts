/** Disposing of it, or closing it, removes the directory. So does the end of the process. */
export interface TemporaryDirectory extends AsyncDisposable {
    readonly path: string;
    close(): Promise<void>;
}
/** Creates an empty directory; disposing of it removes it with its contents. */
export declare function temporaryDirectory(prefix: string): Promise<TemporaryDirectory>;
//# sourceMappingURL=temporary-directory.d.ts.map