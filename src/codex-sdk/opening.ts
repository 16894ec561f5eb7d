import type { ThreadStartOptions } from "../client/thread-options.ts";
import { isTable } from "../process/toml.ts";
import type { Config, SandboxMode, SandboxPolicy, TurnStartParams } from "../protocol/index.ts";
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
  const model = settings.model ?? configured.model;
  const profile = settings.sandbox ? undefined : configured.default_permissions;
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
  const mode: SandboxMode = settings.sandbox ?? defaultSandbox(settings, configured);
  switch (mode) {
    case "danger-full-access":
      return { type: "dangerFullAccess" };
    case "workspace-write": {
      const { sandbox_workspace_write: given } = configured;
      return {
        type: "workspaceWrite",
        writableRoots: given?.writable_roots ?? [],
        networkAccess: settings.networkAccess ?? given?.network_access ?? false,
        excludeTmpdirEnvVar: given?.exclude_tmpdir_env_var ?? false,
        excludeSlashTmp: given?.exclude_slash_tmp ?? false,
      };
    }
    case "read-only":
      return { type: "readOnly", networkAccess: false };
    default:
      throw execFailure(
        `sandboxMode must be read-only, workspace-write or danger-full-access, not ${mode}`,
        "code 2",
      );
  }
}

function defaultSandbox({ cwd }: ThreadSettings, configured: Config): SandboxMode {
  const { projects, sandbox_mode: mode } = configured;
  const trust = isTable(projects) ? projects : {};
  // A decision about a folder doesn't apply to the repositories in it.
  const isDecided = [cwd, gitRootOf(cwd)].some((project) => {
    const decision = project !== undefined && Object.hasOwn(trust, project) && trust[project];
    return isTable(decision) && typeof decision.trust_level === "string";
  });
  return mode ?? (isDecided ? "workspace-write" : "read-only");
}
