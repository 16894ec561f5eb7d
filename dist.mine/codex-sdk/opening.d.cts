import type { ThreadStartOptions } from "../client/thread-options.cjs";
import type { Config, TurnStartParams } from "../protocol/index.cjs";
import type { ThreadSettings } from "./thread-settings.cjs";
/** How a thread is started or resumed, and the sandbox that its turns set. */
export interface Opening {
    readonly params: Pick<ThreadStartOptions, "approvalPolicy" | "config" | "cwd" | "model" | "runtimeWorkspaceRoots" | "sandbox">;
    readonly sandbox: Pick<TurnStartParams, "permissions" | "sandboxPolicy">;
}
/**
 * Opens a thread as `codex exec` does: what isn't set comes from the configuration, also for a
 * resumed thread. The server marks the project of a thread that starts with a writable sandbox as
 * trusted, in the user's config.toml; so threads start read-only, and their turns set the sandbox.
 */
export declare function openingOf(settings: ThreadSettings, configured: Config): Opening;
//# sourceMappingURL=opening.d.ts.map