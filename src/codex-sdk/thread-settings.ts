import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { JsonValue } from "../protocol/index.ts";
import { execFailure } from "./failures.ts";
import { gitRootOf } from "./git-repository.ts";
import type { SandboxMode, ThreadOptions } from "./options.ts";

/** The server settings for the options of a thread. */
export interface ThreadSettings {
  readonly cwd: string;
  readonly model: string | undefined;
  /** Default: as in the configuration. */
  readonly sandbox: SandboxMode | undefined;
  /**
   * Whether the "workspace-write" sandbox allows network access. Default: as in the configuration.
   */
  readonly networkAccess: boolean | undefined;
  readonly workspaceRoots: string[] | undefined;
  readonly config: Readonly<Record<string, JsonValue>>;
}

/**
 * The settings for the options of a thread.
 * @throws Error if the working directory doesn't exist, or isn't in a Git repository.
 */
export function threadSettings(options: ThreadOptions): ThreadSettings {
  const { approvalPolicy, model, modelReasoningEffort } = options;
  const additionalDirectories = options.additionalDirectories ?? [];
  const cwd = workingDirectory(options);
  const webSearch = options.webSearchMode || webSearchOf(options.webSearchEnabled);
  return {
    cwd,
    model: model || undefined,
    sandbox: options.sandboxMode || undefined,
    networkAccess: options.networkAccessEnabled,
    workspaceRoots:
      additionalDirectories.length > 0
        ? [cwd, ...additionalDirectories.map((one) => resolve(cwd, one))]
        : undefined,
    config: {
      // Checked by the server; the policy of the thread takes precedence.
      ...(approvalPolicy && { approval_policy: approvalPolicy }),
      ...(modelReasoningEffort && { model_reasoning_effort: modelReasoningEffort }),
      ...(webSearch && { web_search: webSearch }),
    },
  };
}

function workingDirectory({ workingDirectory: given, skipGitRepoCheck }: ThreadOptions): string {
  const cwd = given ? resolve(given) : process.cwd();
  if (!existsSync(cwd)) throw execFailure(`The working directory ${cwd} doesn't exist`);
  if (skipGitRepoCheck || gitRootOf(cwd) !== undefined) return cwd;
  throw execFailure(
    "Not inside a trusted directory and --skip-git-repo-check was not specified. " +
      `Set workingDirectory to a directory of a Git repository instead of ${cwd}, or skipGitRepoCheck to true.`,
  );
}

function webSearchOf(enabled: boolean | undefined): string | undefined {
  if (enabled === undefined) return undefined;
  return enabled ? "live" : "disabled";
}
