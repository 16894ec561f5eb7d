import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { ThreadStartOptions } from "../client/thread-options.ts";
import { messageOf } from "../util/describe.ts";
import { execFailure } from "./failures.ts";
import { isInGitRepository } from "./git-repository.ts";
import type { ThreadOptions } from "./options.ts";

/** What `thread/start` and `thread/resume` are given for the options of a thread. */
export type ThreadSettings = Pick<
  ThreadStartOptions,
  "config" | "model" | "runtimeWorkspaceRoots" | "sandbox"
> & { readonly cwd: string; readonly approvalPolicy: "never" };

/**
 * The settings for the options of a thread.
 * @throws Error if the working directory doesn't exist, or isn't in a Git repository.
 */
export function threadSettings(options: ThreadOptions): ThreadSettings {
  const { additionalDirectories = [], approvalPolicy, model, modelReasoningEffort } = options;
  const cwd = workingDirectory(options);
  const webSearch = options.webSearchMode || webSearchOf(options.webSearchEnabled);
  return {
    cwd,
    approvalPolicy: "never",
    ...(model && { model }),
    ...(options.sandboxMode && { sandbox: options.sandboxMode }),
    ...(additionalDirectories.length > 0 && {
      runtimeWorkspaceRoots: [cwd, ...additionalDirectories.map((one) => resolve(cwd, one))],
    }),
    config: {
      // Checked by the server; the policy of the thread takes precedence.
      ...(approvalPolicy && { approval_policy: approvalPolicy }),
      ...(modelReasoningEffort && { model_reasoning_effort: modelReasoningEffort }),
      ...(options.networkAccessEnabled !== undefined && {
        "sandbox_workspace_write.network_access": options.networkAccessEnabled,
      }),
      ...(webSearch && { web_search: webSearch }),
    },
  };
}

function workingDirectory({ workingDirectory: given, skipGitRepoCheck }: ThreadOptions): string {
  let cwd: string;
  try {
    cwd = given ? realpathSync(resolve(given)) : process.cwd();
  } catch (error) {
    throw execFailure(`The working directory ${given} can't be used: ${messageOf(error)}`);
  }
  if (skipGitRepoCheck || isInGitRepository(cwd)) return cwd;
  throw execFailure(
    "Not inside a trusted directory and --skip-git-repo-check was not specified. " +
      `Set workingDirectory to a directory of a Git repository instead of ${cwd}, or skipGitRepoCheck to true.`,
  );
}

function webSearchOf(enabled: boolean | undefined): string | undefined {
  if (enabled === undefined) return undefined;
  return enabled ? "live" : "disabled";
}
