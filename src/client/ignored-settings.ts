import { homedir } from "node:os";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CodexError } from "../errors/errors.ts";
import type { Session } from "../session/session.ts";
import { isRefusal, isUnavailable } from "../thread/history.ts";
import { withoutChosen } from "../thread/thread-profile.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { isRecord } from "../util/describe.ts";
import {
  askedSandbox,
  configuresWorkspace,
  type Named,
  settingOf,
  withAbsoluteRoots,
} from "./start-sandbox.ts";
import type { ThreadResumeOptions } from "./thread-options.ts";

type Answer = Readonly<Record<string, unknown>>;

/** The request to resume a thread, and its answer. */
interface Resumed {
  readonly asked: ThreadResumeOptions;
  readonly answer: unknown;
}

/** Settings that limit the agent, with their names in config.toml. */
const LIMITS = [
  ["approvalPolicy", "approval_policy"],
  ["approvalsReviewer", "approvals_reviewer"],
] as const;

/** Policies, from the narrowest to the widest. */
const SANDBOXES: readonly unknown[] = ["readOnly", "workspaceWrite", "dangerFullAccess"];
const APPROVALS: readonly unknown[] = ["untrusted", "on-request", "on-failure", "never"];

/** The policies of the named sandboxes. */
const POLICIES: ReadonlyMap<unknown, string> = new Map([
  ["read-only", "readOnly"],
  ["workspace-write", "workspaceWrite"],
  ["danger-full-access", "dangerFullAccess"],
]);

/**
 * Sets what limits the agent, if the answer shows that the server has ignored the caller's options,
 * as it does if this client or another one has already loaded the thread. Otherwise the agent could
 * do more than the caller allows.
 *
 * @throws CodexError if the thread would allow more than the options do, and this server or client can't change that.
 */
export async function applyIgnored(
  session: Session,
  { id: threadId, profile }: ThreadState,
  { asked, answer }: Resumed,
  limits: RequestOptions,
): Promise<void> {
  if (!isRecord(answer)) return;
  const ignored = ignoredLimits(asked, answer);
  const named = askedSandbox(asked) ?? keptWorkspace(asked, answer);
  const directory = ignoredDirectory(asked, answer);
  if (named && !isInEffect(named, asked, answer)) {
    const cwd = directory.cwd ?? profile.cwd;
    const setting = await settingOf(session, named, { ...asked, cwd }, limits);
    if (hasOwnProfile(answer) || !isDeepStrictEqual(setting.sandboxPolicy, answer.sandbox)) {
      const home = session.sharesFiles ? homedir() : undefined;
      Object.assign(ignored, withAbsoluteRoots(setting, cwd, home));
    }
  }
  profile.turnSettings = withoutChosen(profile.turnSettings, {
    sandboxPolicy: named,
    cwd: asked.cwd,
  });
  const changes = { ...directory, ...ignored };
  const later = { ...answer, ...changes };
  if (!isInEnvironments(profile) && hasOtherRoots(asked, answer, later)) {
    throw cannotChange(threadId, ["runtimeWorkspaceRoots"]);
  }
  if (Object.keys(changes).length === 0) return;
  try {
    await session.userRequest("thread/settings/update", { threadId, ...changes }, limits);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const wider = Object.keys(changes).filter((name) => isWider(name, answer, later));
    if (wider.length > 0) throw isUnavailable(error) ? cannotChange(threadId, wider) : error;
    const { sandboxPolicy } = ignored;
    if (!isUnavailable(error)) return;
    profile.turnSettings = {
      ...profile.turnSettings,
      ...directory,
      ...(sandboxPolicy !== undefined && { sandboxPolicy }),
    };
  }
}

function ignoredLimits(asked: ThreadResumeOptions, answer: Answer): Record<string, unknown> {
  const ignored = LIMITS.flatMap(([name, key]) => {
    const value: unknown = asked[name] ?? asked.config?.[key];
    if (value == null || answer[name] == null || isIncluded(value, answer[name])) return [];
    return [[name, value]];
  });
  return Object.fromEntries(ignored);
}

/** Whether the reported value is this one. The server adds members to a policy that is an object. */
function isIncluded(value: unknown, reported: unknown): boolean {
  if (!isRecord(value) || !isRecord(reported)) return isDeepStrictEqual(value, reported);
  return Object.entries(value).every(([name, one]) => isIncluded(one, reported[name]));
}

/** The directory, if the server has ignored it: it decides where the agent can write. */
function ignoredDirectory({ cwd }: ThreadResumeOptions, answer: Answer): { readonly cwd?: string } {
  if (typeof cwd !== "string" || typeof answer.cwd !== "string" || !isAbsolute(cwd)) return {};
  return resolve(cwd) === resolve(answer.cwd) ? {} : { cwd };
}

/**
 * The sandbox of a thread that already is `workspace-write`, if the options have settings of this
 * sandbox: they apply to the thread too.
 */
function keptWorkspace({ config }: ThreadResumeOptions, answer: Answer): Named | undefined {
  const isKept = isWorkspace(answer.sandbox) && !hasOwnProfile(answer);
  return isKept && configuresWorkspace(config) ? { sandbox: "workspace-write" } : undefined;
}

function isWorkspace(policy: unknown): boolean {
  return isRecord(policy) && policy.type === "workspaceWrite";
}

/** Whether the answer shows that the thread has this sandbox, or doesn't show its sandbox. */
function isInEffect(
  { sandbox, permissions }: Named,
  { config }: ThreadResumeOptions,
  answer: Answer,
): boolean {
  const { activePermissionProfile: active, sandbox: policy } = answer;
  const profile = isRecord(active) ? active.id : undefined;
  if (typeof permissions === "string") {
    return active === undefined || profile === permissions;
  }
  if (!isRecord(policy)) return true;
  if (hasOwnProfile(answer)) return false;
  if (policy.type !== POLICIES.get(sandbox)) return false;
  const { networkAccess, writableRoots } = policy;
  // Only a policy that allows more than usual, or must have the caller's settings, is compared with the configuration.
  if (sandbox === "workspace-write" && configuresWorkspace(config)) return false;
  return networkAccess !== true && !(Array.isArray(writableRoots) && writableRoots.length > 0);
}

/** Whether the thread has a permissions profile of the user, which its policy describes only in part. */
function hasOwnProfile({ activePermissionProfile: active }: Answer): boolean {
  return isRecord(active) && typeof active.id === "string" && !active.id.startsWith(":");
}

/** Whether the agent can do more with a setting in the answer than with the later one. */
function isWider(name: string, answer: Answer, later: Answer): boolean {
  switch (name) {
    case "approvalPolicy":
      return isBeyond(APPROVALS, answer.approvalPolicy, later.approvalPolicy);
    case "approvalsReviewer":
      // All others decide in place of the user.
      return later.approvalsReviewer === "user";
    case "cwd":
      return isWritable(answer, later) && !isInside(answer.cwd, [later.cwd]);
    case "permissions":
      return isRecord(answer.activePermissionProfile);
    default:
      return name === "sandboxPolicy" && isWiderPolicy(answer, later.sandboxPolicy);
  }
}

function isWiderPolicy(answer: Answer, value: unknown): boolean {
  if (!isRecord(answer.sandbox) || !isRecord(value)) return false;
  const { type, networkAccess } = answer.sandbox;
  if (hasOwnProfile(answer) && value.type !== "dangerFullAccess") return true;
  if (isBeyond(SANDBOXES, type, value.type)) return true;
  return networkAccess === true && value.networkAccess === false;
}

/** Whether the thread's directory limits where the agent can write, with its settings and with the later ones. */
function isWritable(answer: Answer, { sandboxPolicy }: Answer): boolean {
  const isLimited = isWorkspace(answer.sandbox) || hasOwnProfile(answer);
  return isLimited && isWorkspace(sandboxPolicy ?? answer.sandbox);
}

/**
 * Whether the agent could write in folders that aren't in the roots of the caller. No request changes the roots
 * without starting a turn.
 */
function hasOtherRoots(asked: ThreadResumeOptions, answer: Answer, later: Answer): boolean {
  const { runtimeWorkspaceRoots: wanted } = asked;
  const { runtimeWorkspaceRoots: roots, cwd } = answer;
  if (!Array.isArray(wanted) || !Array.isArray(roots)) return false;
  // The directory is one of the roots, and changes with it.
  const others = later.cwd === cwd ? roots : roots.filter((root) => root !== cwd);
  return isWritable(answer, later) && others.some((root) => !isInside(root, wanted));
}

function isInside(path: unknown, folders: readonly unknown[]): boolean {
  return folders.some((folder) => {
    if (typeof path !== "string" || typeof folder !== "string") return false;
    const way = relative(folder, path);
    return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  });
}

/** Whether the thread has other environments, whose roots aren't folders of the server's machine. */
function isInEnvironments({ settings, reportedEnvironments }: ThreadState["profile"]): boolean {
  return settings.environments != null || reportedEnvironments != null;
}

/** Whether a value comes after the other one in the list, or isn't in it. */
function isBeyond(list: readonly unknown[], value: unknown, other: unknown): boolean {
  const index = list.indexOf(value);
  return index === -1 || index > list.indexOf(other);
}

function cannotChange(threadId: string, names: readonly string[]): CodexError {
  return new CodexError(
    `Thread ${threadId} is already loaded with wider settings (${names.join(", ")}), and the server ignores the ones ` +
      "passed to threadResume(): either the server is too old to change them, or the client has the option " +
      "experimentalApi: false. Unsubscribe from the thread first, or resume it without these options.",
  );
}
