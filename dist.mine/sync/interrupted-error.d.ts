import { CodexError } from "../errors/errors.js";
/**
 * Ctrl-C (SIGINT) ended the wait of a blocking call. A `run()` also interrupts its turn on the
 * server. The program's SIGINT listeners are called when its thread is free again.
 */
export declare class InterruptedError extends CodexError {
    name: string;
    readonly code = "INTERRUPTED";
}
//# sourceMappingURL=interrupted-error.d.ts.map