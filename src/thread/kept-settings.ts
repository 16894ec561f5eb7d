import { isAbsolute } from "node:path";
import { isRecord } from "../util/describe.ts";
import { reportedEnvironments } from "./reported-environments.ts";

/** Settings of a thread, as `thread/resume` takes them, and its `environments`, which only other requests take. */
export type KeptSettings = Readonly<Record<string, unknown>>;

/** Settings that have the same name in every request and notification, and their names in config.toml. */
const SAME: ReadonlyMap<string, string> = new Map([
  ["approvalPolicy", "approval_policy"],
  ["approvalsReviewer", "approvals_reviewer"],
  ["cwd", "cwd"],
  ["environments", "environments"],
  ["model", "model"],
  ["modelProvider", "model_provider"],
  ["personality", "personality"],
  ["runtimeWorkspaceRoots", "runtime_workspace_roots"],
  ["serviceTier", "service_tier"],
]);

/** The settings of `thread/start` that are kept. */
const KEPT = [
  ...SAME.keys(),
  ...["baseInstructions", "config", "developerInstructions", "permissions", "sandbox"],
] as const;

/** Settings that `thread/resume` takes only as a part of `config`, and their names there. */
const IN_CONFIG: ReadonlyMap<string, string> = new Map([
  ["effort", "model_reasoning_effort"],
  ["reasoningEffort", "model_reasoning_effort"],
  ["summary", "model_reasoning_summary"],
]);

const WORKSPACE = "sandbox_workspace_write";

/** What decides the sandbox, in config.toml. */
const OF_SANDBOX = ["sandbox_mode", WORKSPACE, "default_permissions", "permissions"];

/** The same, and general settings that can also decide the sandbox: the profiles of old servers, such as 0.125. */
const MAY_DECIDE_SANDBOX = [...OF_SANDBOX, "profile", "profiles"];

/** The settings that are repeated when the thread is resumed, from the options that it was opened with. */
export function keptSettings(options: object): KeptSettings {
  const given = options as KeptSettings;
  return Object.fromEntries(
    KEPT.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  );
}

/**
 * The kept settings after a request has changed some, with the params of `turn/start` or
 * `thread/settings/update`. Without this, resuming the thread would undo the change, and give the agent a wider
 * sandbox again.
 */
export function changedBy(kept: KeptSettings, params: KeptSettings): KeptSettings {
  // The server resolves a relative directory, and reports the result.
  const isRelative = typeof params.cwd === "string" && !isAbsolute(params.cwd);
  const same = [...SAME.keys()].filter(
    (name) => params[name] != null && !(name === "cwd" && isRelative),
  );
  return withSettings(kept, params, same, params.permissions);
}

/** Whether a request with these params sets the thread's sandbox. */
export function choosesSandbox({ sandboxPolicy, permissions }: KeptSettings): boolean {
  return sandboxPolicy != null || permissions != null;
}

/**
 * The kept settings after `thread/settings/updated`, which reports all settings. Settings that this program hasn't
 * set stay as they are: the server restores them.
 */
export function reportedBy(kept: KeptSettings, report: KeptSettings): KeptSettings {
  const environments = reportedEnvironments(kept.environments, report.environments);
  const reported: KeptSettings = { ...report, environments };
  const { activePermissionProfile: profile } = report;
  const same = [...SAME].filter(
    ([name, key]) => reported[name] != null && (kept[name] != null || configures(kept, key)),
  );
  const profileId = isRecord(profile) ? profile.id : undefined;
  // `config` selects the profile in every request. The member `permissions` is refused without the experimental API.
  const isSandboxKept = setsSandbox(kept) && !isSelectedInConfig(kept, profileId);
  return withSettings(
    kept,
    isSandboxKept ? reported : { ...reported, sandboxPolicy: undefined },
    same.map(([name]) => name),
    isSandboxKept ? profileId : undefined,
  );
}

/** Whether the option `config` alone selects this permissions profile. */
function isSelectedInConfig({ sandbox, permissions, config }: KeptSettings, id: unknown): boolean {
  if (sandbox != null || permissions != null || !isRecord(config)) return false;
  return typeof id === "string" && config.default_permissions === id;
}

function withSettings(
  kept: KeptSettings,
  from: KeptSettings,
  names: readonly string[],
  profile: unknown,
): KeptSettings {
  const same = Object.fromEntries(names.map((name) => [name, from[name]]));
  const next = { ...kept, ...rootsIn(kept, same), ...same, config: configIn(kept, from) };
  return keptSettings({ ...next, ...sandboxIn(next, from.sandboxPolicy, profile) });
}

/** The roots after the directory has changed: the server replaces the directory there too. */
function rootsIn(kept: KeptSettings, { cwd }: KeptSettings): KeptSettings {
  const { runtimeWorkspaceRoots: roots } = kept;
  if (!Array.isArray(roots) || typeof cwd !== "string" || cwd === kept.cwd) return {};
  // The server has stored them.
  if (typeof kept.cwd !== "string") return { runtimeWorkspaceRoots: undefined };
  const replaced = roots.map((root) => (root === kept.cwd ? cwd : root));
  return { runtimeWorkspaceRoots: [...new Set(replaced)] };
}

/**
 * The params of `thread/fork` with the settings of its thread, unless they set others: the server gives a fork only
 * some of them.
 */
export function forkedFrom<P extends object>(kept: KeptSettings, params: P): P {
  const moved = { ...kept, ...rootsIn(kept, params as KeptSettings) };
  const { environments: _, ...settings } = setsSandbox(params) ? withoutSandbox(moved) : moved;
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  const { config } = params as KeptSettings;
  return {
    ...settings,
    ...(Object.fromEntries(given) as P),
    ...(isRecord(config)
      ? { config: { ...withoutOverlap(settings.config, config), ...config } }
      : {}),
  };
}

/** Whether these params of `thread/start` or `thread/fork` set the thread's sandbox. */
export function setsSandbox(params: object): boolean {
  const settings = params as KeptSettings;
  const { sandbox, permissions } = settings;
  const isInConfig = () => MAY_DECIDE_SANDBOX.some((key) => configures(settings, key));
  return sandbox != null || permissions != null || isInConfig();
}

function withoutSandbox(kept: KeptSettings): KeptSettings {
  const config = kept.config && OF_SANDBOX.reduce<unknown>(withoutKey, kept.config);
  return keptSettings({ ...kept, sandbox: undefined, permissions: undefined, config });
}

/** The `config` option, without paths that contain, or are inside, a path of the other settings. */
function withoutOverlap(config: unknown, other: KeptSettings): KeptSettings {
  const entries = isRecord(config) ? Object.entries(config) : [];
  const keys = Object.keys(other);
  return Object.fromEntries(
    entries.filter(([path]) => !keys.some((key) => isAt(path, key) || isAt(key, path))),
  );
}

/** The `config` option, with the new values of the settings that it contains. */
function configIn(kept: KeptSettings, from: KeptSettings): unknown {
  let { config } = kept;
  for (const [name, key] of IN_CONFIG) {
    if (from[name] == null || !configures(kept, key)) continue;
    config = { ...withoutKey(config, key), [key]: from[name] };
  }
  return config;
}

/** The settings for a policy or a profile of permissions; only one of them can be sent. */
function sandboxIn({ config }: KeptSettings, policy: unknown, profile: unknown): KeptSettings {
  if (typeof profile === "string") return { permissions: profile, sandbox: undefined };
  if (!isRecord(policy)) return {};
  switch (policy.type) {
    case "dangerFullAccess":
      return { sandbox: "danger-full-access", permissions: undefined };
    case "workspaceWrite":
      return {
        sandbox: "workspace-write",
        permissions: undefined,
        config: { ...withoutKey(config, WORKSPACE), [WORKSPACE]: workspaceIn(policy) },
      };
    case "readOnly":
      // There is no mode that also allows the network.
      return { sandbox: "read-only", permissions: undefined };
    default:
      // No mode describes a sandbox around the server, which restores this policy itself.
      return { sandbox: undefined, permissions: undefined };
  }
}

function workspaceIn(policy: KeptSettings) {
  return {
    writable_roots: policy.writableRoots ?? [],
    network_access: policy.networkAccess ?? false,
    exclude_tmpdir_env_var: policy.excludeTmpdirEnvVar ?? false,
    exclude_slash_tmp: policy.excludeSlashTmp ?? false,
  };
}

/** Whether the thread's `config` option has the key, or a path that begins with it. */
function configures({ config }: KeptSettings, key: string): boolean {
  return isRecord(config) && Object.keys(config).some((path) => isAt(path, key));
}

function withoutKey(config: unknown, key: string): KeptSettings {
  const entries = isRecord(config) ? Object.entries(config) : [];
  return Object.fromEntries(entries.filter(([path]) => !isAt(path, key)));
}

function isAt(path: string, key: string): boolean {
  return path === key || path.startsWith(`${key}.`);
}
