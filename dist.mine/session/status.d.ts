import type { CodexError } from "../errors/errors.js";
/** The state of a client's connection to its server. */
export type CodexStatus = 
/** Nothing has been started yet. */
{
    readonly state: "idle";
} | {
    readonly state: "connecting";
} | {
    readonly state: "ready";
}
/** The connection was lost for this reason, and is being re-established. */
 | {
    readonly state: "reconnecting";
    readonly reason: CodexError;
}
/** The client was closed (no reason), or has ended for this reason. */
 | {
    readonly state: "closed";
    readonly reason: CodexError | undefined;
};
//# sourceMappingURL=status.d.ts.map