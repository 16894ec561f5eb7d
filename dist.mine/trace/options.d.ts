import { type Check } from "../util/checks.js";
/** Where a trace is written, and how large it may become. */
export interface TraceOptions {
    /**
     * A file, or a folder: one that exists, or a path that ends with a slash. In a folder, each client
     * writes a file of its own.
     */
    readonly path: string;
    /**
     * The most that the trace may occupy, in bytes. When it is full, its oldest quarter is deleted.
     * Default 256 MiB.
     */
    readonly maxBytes?: number | undefined;
}
/** The variable that turns tracing on; its value is a file or a folder. */
export declare const TRACE_VARIABLE = "CODEX_APP_SERVER_TRACE";
export declare const DEFAULT_MAX_BYTES: number;
/** A path, or an object with one. */
export declare const traceCheck: Check;
/** The options that are in force: those of the program, otherwise those of the environment. */
export declare function traceOptions(given: string | TraceOptions | undefined, env?: NodeJS.ProcessEnv): TraceOptions | undefined;
//# sourceMappingURL=options.d.ts.map