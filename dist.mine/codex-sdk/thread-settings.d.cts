import type { JsonValue } from "../protocol/index.cjs";
import type { SandboxMode, ThreadOptions } from "./options.cjs";
/** What the options of a thread ask of the server. */
export interface ThreadSettings {
    readonly cwd: string;
    readonly model: string | undefined;
    /** Default: that of the configuration. */
    readonly sandbox: SandboxMode | undefined;
    /** Whether the sandbox "workspace-write" allows it. Default: as in the configuration. */
    readonly networkAccess: boolean | undefined;
    readonly workspaceRoots: string[] | undefined;
    readonly config: Readonly<Record<string, JsonValue>>;
}
/**
 * The settings for the options of a thread.
 * @throws Error if the working directory doesn't exist, or isn't in a Git repository.
 */
export declare function threadSettings(options: ThreadOptions): ThreadSettings;
//# sourceMappingURL=thread-settings.d.ts.map