import { isAbsolute, join, resolve } from "node:path";
import { CodexError } from "../errors/errors.ts";
import { JsonRpcError } from "../errors/rpc-errors.ts";
import type {
  Config,
  JsonValue,
  SandboxWorkspaceWrite,
  ThreadSettingsUpdateParams,
} from "../protocol/index.ts";
import type { Session } from "../session/session.ts";
import { quoteForeign } from "../text/secrets.ts";
import { isUnavailable } from "../thread/history.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import { isRecord } from "../util/describe.ts";
import { profileSetting } from "./legacy-profile.ts";
import { checkSandbox, sandboxPolicyOf } from "./sandbox.ts";
import { profileOf, type Thread } from "./thread.ts";
import type { ThreadStartOptions } from "./thread-options.ts";

/** The sandbox of a thread, as `thread/settings/update` and `turn/start` take it. */
export type SandboxSetting = Pick<ThreadSettingsUpdateParams, "permissions" | "sandboxPolicy">;

type Asked = Pick<ThreadStartOptions, "config" | "cwd" | "permissions" | "sandbox">;

/** A sandbox by its name, or the name of a permissions profile. */
export interface Named {
  readonly sandbox?: unknown;
  readonly permissions?: unknown;
}

/**
 * The sandbox to set after the thread has started read-only. Undefined if it can start as asked.
 *
 * If `thread/start` names a directory, and the thread may write there, the server marks its project
 * as trusted in the user's config.toml, and starts the programs that the project's own config.toml
 * lists. Setting the sandbox later doesn't cause that.
 *
 * @throws TypeError if there is no sandbox with the name.
 */
export async function sandboxAfterStart(
  session: Session,
  asked: Asked,
  limits: RequestOptions,
): Promise<SandboxSetting | undefined> {
  const { cwd } = asked;
  if (asked.sandbox != null) checkSandbox(asked.sandbox);
  if (asked.sandbox != null && asked.permissions != null) {
    throw new TypeError("Set sandbox or permissions, not both");
  }
  if (cwd == null) return undefined;
  const overrides = asked.config ?? {};
  const own = named(asked.sandbox, asked.permissions);
  const inOverrides = named(overrides.sandbox_mode, overrides.default_permissions);
  const configured = await configurationFor(session, cwd, own, inOverrides, limits);
  // In a configuration, a permissions profile takes precedence.
  const { sandbox, permissions } =
    own ??
    named(profileSetting("sandbox_mode", configured, overrides), undefined) ??
    inOverrides ??
    named(configured.sandbox_mode, configured.default_permissions) ??
    {};
  if (typeof permissions === "string") {
    return permissions === ":read-only" ? undefined : { permissions };
  }
  if (typeof sandbox !== "string" || sandbox === "read-only") return undefined;
  return { sandboxPolicy: sandboxPolicyOf(sandbox, workspaceIn(configured, overrides)) };
}

/** The parts of the configuration that the sandbox depends on; empty if it depends on none. */
async function configurationFor(
  session: Session,
  cwd: string,
  own: Named | undefined,
  inOverrides: Named | undefined,
  limits: RequestOptions,
): Promise<Partial<Config>> {
  if (own !== undefined && own.sandbox !== "workspace-write") return {};
  try {
    return await readConfig(session, cwd, limits);
  } catch (error) {
    // The thread's own settings may make a faulty configuration valid. The server can't tell what depends on them.
    const chosen = own ?? inOverrides;
    const isNeeded = chosen === undefined || chosen.sandbox === "workspace-write";
    if (!isNeeded && error instanceof JsonRpcError) return {};
    throw error;
  }
}

/**
 * Sets the sandbox of a thread: with its next turn, if this server or client can't change settings.
 * @throws CodexError for a permissions profile that can't be set.
 */
export async function setSandbox(
  thread: Thread,
  setting: SandboxSetting,
  limits?: RequestOptions,
): Promise<void> {
  try {
    await thread.updateSettings(setting, limits);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    profileOf(thread).turnSettings = { sandboxPolicy: asPolicy(setting).sandboxPolicy };
  }
}

const PROFILES = new Map([
  [":workspace", "workspace-write"],
  [":danger-full-access", "danger-full-access"],
]);

/**
 * The setting as a policy, for servers and clients that can't set a permissions profile after the start.
 * @throws CodexError for a profile that no policy describes.
 */
function asPolicy(setting: SandboxSetting): SandboxSetting {
  const { permissions } = setting;
  if (permissions == null) return setting;
  const sandbox = PROFILES.get(permissions);
  if (sandbox !== undefined) return { sandboxPolicy: sandboxPolicyOf(sandbox) };
  throw new CodexError(
    `The thread can't use the permissions profile ${quoteForeign(permissions)}: either the server is too old, or the ` +
      "client has the option experimentalApi: false. Set sandbox instead.",
  );
}

/** The configuration that applies in a directory; empty for servers that can't tell. */
async function readConfig(
  session: Session,
  cwd: string,
  limits: RequestOptions,
): Promise<Partial<Config>> {
  try {
    const answer = await session.userRequest("config/read", { cwd }, limits);
    return isRecord(answer) && isRecord(answer.config) ? (answer.config as Partial<Config>) : {};
  } catch (error) {
    if (isUnavailable(error)) return {};
    throw error;
  }
}

/** The sandbox that the options name; undefined if the configuration decides. */
export function askedSandbox({ sandbox, permissions, config }: Asked): Named | undefined {
  const overrides = config ?? {};
  return (
    named(sandbox, permissions) ?? named(overrides.sandbox_mode, overrides.default_permissions)
  );
}

/** The sandbox as `thread/settings/update` takes it. `cwd` is the thread's directory. */
export async function settingOf(
  session: Session,
  { sandbox, permissions }: Named,
  { config, cwd }: Asked,
  limits: RequestOptions,
): Promise<SandboxSetting> {
  if (typeof permissions === "string") return { permissions };
  if (sandbox !== "workspace-write") return { sandboxPolicy: sandboxPolicyOf(String(sandbox)) };
  const configured = cwd == null ? {} : await readConfig(session, cwd, limits);
  return { sandboxPolicy: sandboxPolicyOf(sandbox, workspaceIn(configured, config ?? {})) };
}

function named(sandbox: unknown, permissions: unknown): Named | undefined {
  if (permissions != null) return { permissions };
  return sandbox == null ? undefined : { sandbox };
}

const WORKSPACE = "sandbox_workspace_write";

/** Whether the option `config` has settings of the `workspace-write` sandbox. */
export function configuresWorkspace(config: Asked["config"]): boolean {
  return Object.keys(config ?? {}).some(isOfWorkspace);
}

function isOfWorkspace(path: string): boolean {
  return path === WORKSPACE || path.startsWith(`${WORKSPACE}.`);
}

/** The settings of the `workspace-write` sandbox: configured ones, and those of the thread. */
function workspaceIn(
  configured: Partial<Config>,
  overrides: Readonly<Record<string, JsonValue | undefined>>,
): Partial<SandboxWorkspaceWrite> {
  const own = Object.entries(overrides).flatMap(([path, value]) => {
    if (path === WORKSPACE) return isRecord(value) ? Object.entries(value) : [];
    return path.startsWith(`${WORKSPACE}.`) ? [[path.slice(WORKSPACE.length + 1), value]] : [];
  });
  return { ...configured[WORKSPACE], ...Object.fromEntries(own) };
}

/**
 * The setting with absolute paths: `thread/start` also takes roots that are relative to the thread's directory or to
 * the user's home, but `thread/settings/update` doesn't. `home` is undefined if it isn't known.
 */
export function withAbsoluteRoots(
  setting: SandboxSetting,
  cwd: string | undefined,
  home: string | undefined,
): SandboxSetting {
  const { sandboxPolicy } = setting;
  if (sandboxPolicy?.type !== "workspaceWrite" || cwd === undefined) return setting;
  const writableRoots = sandboxPolicy.writableRoots.map((root) => {
    if (/^~(?:$|[/\\])/.test(root)) return home === undefined ? root : join(home, root.slice(1));
    return isAbsolute(root) ? root : resolve(cwd, root);
  });
  return { sandboxPolicy: { ...sandboxPolicy, writableRoots } };
}
