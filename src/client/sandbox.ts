import type { AskForApproval, SandboxMode, SandboxPolicy } from "../protocol/index.ts";

const POLICIES: { readonly [Mode in SandboxMode]: SandboxPolicy } = {
  "read-only": { type: "readOnly", networkAccess: false },
  "workspace-write": {
    type: "workspaceWrite",
    writableRoots: [],
    networkAccess: false,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  },
  "danger-full-access": { type: "dangerFullAccess" },
};

/** The policy of a sandbox by its name, as `turn/start` takes it. */
export function sandboxPolicyOf(sandbox: SandboxMode): SandboxPolicy {
  if (Object.hasOwn(POLICIES, sandbox)) return POLICIES[sandbox];
  const names = Object.keys(POLICIES).map((name) => JSON.stringify(name));
  throw new TypeError(`sandbox must be one of ${names.join(", ")}, not ${JSON.stringify(sandbox)}`);
}

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
