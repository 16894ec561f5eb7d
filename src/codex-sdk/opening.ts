import { profileSetting } from "../client/legacy-profile.ts";
import { isSandboxMode, sandboxPolicyOf } from "../client/sandbox.ts";
import type { ThreadStartOptions } from "../client/thread-options.ts";
import { isTable } from "../process/toml.ts";
import type { Config, SandboxPolicy, TurnStartParams } from "../protocol/index.ts";
import { execFailure } from "./failures.ts";
import { gitRootOf } from "./git-repository.ts";
import type { ThreadSettings } from "./thread-settings.ts";

/** How to start or resume a thread, and the sandbox to set for its turns. */
export interface Opening {
  readonly params: Pick<
    ThreadStartOptions,
    "approvalPolicy" | "config" | "cwd" | "model" | "runtimeWorkspaceRoots" | "sandbox"
  >;
  readonly sandbox: Pick<TurnStartParams, "permissions" | "sandboxPolicy">;
}

/**
 * Opens a thread as `codex exec` does: options that aren't set come from the configuration, even
 * for a resumed thread. If a thread starts with a writable sandbox, the server marks its project as
 * trusted in the user's config.toml. So threads start read-only, and their turns set the sandbox.
 */
export function openingOf(settings: ThreadSettings, configured: Config): Opening {
  const { cwd, config, workspaceRoots } = settings;
  const model = settings.model ?? profileSetting("model", configured) ?? configured.model;
  const sandbox = settings.sandbox ?? profileSetting("sandbox_mode", configured);
  const profile = sandbox ? undefined : configured.default_permissions;
  return {
    params: {
      cwd,
      config,
      approvalPolicy: "never",
      sandbox: "read-only",
      ...(model && { model }),
      ...(workspaceRoots && { runtimeWorkspaceRoots: workspaceRoots }),
    },
    sandbox:
      typeof profile === "string"
        ? { permissions: profile }
        : { sandboxPolicy: sandboxPolicy(settings, configured) },
  };
}

function sandboxPolicy(settings: ThreadSettings, configured: Config): SandboxPolicy {
  const mode: string = settings.sandbox ?? defaultSandbox(settings, configured);
  if (!isSandboxMode(mode)) {
    throw execFailure(
      `sandboxMode must be read-only, workspace-write or danger-full-access, not ${mode}`,
      "code 2",
    );
  }
  const { networkAccess } = settings;
  return sandboxPolicyOf(mode, {
    ...configured.sandbox_workspace_write,
    ...(networkAccess !== undefined && { network_access: networkAccess }),
  });
}

function defaultSandbox({ cwd }: ThreadSettings, configured: Config): string {
  const { projects, sandbox_mode: mode } = configured;
  const trust = isTable(projects) ? projects : {};
  // A decision about a folder doesn't apply to the repositories in it.
  const isDecided = [cwd, gitRootOf(cwd)].some((project) => {
    const decision = project !== undefined && Object.hasOwn(trust, project) && trust[project];
    return isTable(decision) && typeof decision.trust_level === "string";
  });
  return (
    profileSetting("sandbox_mode", configured) ??
    mode ??
    (isDecided ? "workspace-write" : "read-only")
  );
}
