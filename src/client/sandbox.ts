import type {
  AskForApproval,
  SandboxMode,
  SandboxPolicy,
  SandboxWorkspaceWrite,
} from "../protocol/index.ts";

type Workspace = Partial<SandboxWorkspaceWrite>;

const POLICIES: { readonly [Mode in SandboxMode]: (workspace: Workspace) => SandboxPolicy } = {
  "read-only": () => ({ type: "readOnly", networkAccess: false }),
  "workspace-write": (workspace) => ({
    type: "workspaceWrite",
    writableRoots: workspace.writable_roots ?? [],
    networkAccess: workspace.network_access ?? false,
    excludeTmpdirEnvVar: workspace.exclude_tmpdir_env_var ?? false,
    excludeSlashTmp: workspace.exclude_slash_tmp ?? false,
  }),
  "danger-full-access": () => ({ type: "dangerFullAccess" }),
};

/**
 * The policy of a sandbox by its name, as `turn/start` takes it. `workspace` has the configured
 * settings of `workspace-write`.
 * @throws TypeError if there is no sandbox with this name.
 */
export function sandboxPolicyOf(sandbox: string, workspace: Workspace = {}): SandboxPolicy {
  checkSandbox(sandbox);
  return POLICIES[sandbox](workspace);
}

/** @throws TypeError if there is no sandbox with this name. */
export function checkSandbox(sandbox: string): asserts sandbox is SandboxMode {
  if (isSandboxMode(sandbox)) return;
  const names = Object.keys(POLICIES).map((name) => JSON.stringify(name));
  throw new TypeError(`sandbox must be one of ${names.join(", ")}, not ${JSON.stringify(sandbox)}`);
}

/** Whether there is a sandbox with this name. */
export function isSandboxMode(sandbox: string): sandbox is SandboxMode {
  return Object.hasOwn(POLICIES, sandbox);
}

/** The settings that a preset gives to a thread or a turn. */
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
  /** Like `ask`, but a reviewer agent in the server decides instead of you. */
  readonly autoReview: Preset;
  /**
   * The agent does anything without asking. Use it only on machines that you can afford to lose.
   */
  readonly fullAccess: Preset;
}

/**
 * Combinations of sandbox and approvals, named as in the Codex command line. Spread one into the
 * options of a thread or a turn.
 *
 * @example
 * const thread = await codex.threadStart({ ...presets.ask, cwd: "/repo" });
 */
export const presets: Presets = {
  readOnly: { sandbox: "read-only", approvalPolicy: "on-request", approvalsReviewer: "user" },
  ask: { sandbox: "workspace-write", approvalPolicy: "on-request", approvalsReviewer: "user" },
  autoReview: {
    sandbox: "workspace-write",
    approvalPolicy: "on-request",
    approvalsReviewer: "auto_review",
  },
  fullAccess: {
    sandbox: "danger-full-access",
    approvalPolicy: "never",
    approvalsReviewer: "user",
  },
};
