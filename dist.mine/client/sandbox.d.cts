import type { AskForApproval, SandboxMode, SandboxPolicy } from "../protocol/index.cjs";
/** The policy of a sandbox by its name, as `turn/start` takes it. */
export declare function sandboxPolicyOf(sandbox: SandboxMode): SandboxPolicy;
/** What a preset sets, on a thread or a turn. */
export interface Preset {
    readonly sandbox: SandboxMode;
    readonly approvalPolicy: AskForApproval;
    readonly approvalsReviewer: "user" | "auto_review";
}
/** The presets by name. */
export interface Presets {
    /** The agent reads files; for everything else it asks. */
    readonly readOnly: Preset;
    /** The agent edits files in the working directory; outside it, and for the network, it asks. */
    readonly ask: Preset;
    /** As `ask`, but a reviewing agent of the server decides instead of you. */
    readonly autoReview: Preset;
    /** The agent does anything without asking. For machines with nothing to lose. */
    readonly fullAccess: Preset;
}
/**
 * Combinations of sandbox and approvals, under the names of the Codex command line. Spread one into
 * the options of a thread or a turn.
 *
 * @example
 * const thread = await codex.threadStart({ ...presets.ask, cwd: "/repo" });
 */
export declare const presets: Presets;
//# sourceMappingURL=sandbox.d.ts.map