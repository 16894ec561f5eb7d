import { homedir } from "node:os";
import { isAbsolute, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CodexError } from "../errors/errors.ts";
import type { Session } from "../session/session.ts";
import { isUnavailable } from "../thread/history.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { isRecord } from "../util/describe.ts";
import { askedSandbox, type Named, settingOf, withAbsoluteRoots } from "./start-sandbox.ts";
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

/** The ones without which the thread isn't returned. */
const STRICT = ["approvalPolicy", "permissions", "sandboxPolicy"];

/** The policies of the named sandboxes. */
const POLICIES: ReadonlyMap<unknown, string> = new Map([
  ["read-only", "readOnly"],
  ["workspace-write", "workspaceWrite"],
  ["danger-full-access", "dangerFullAccess"],
]);

/**
 * Sets what limits the agent, if the answer shows that the server has ignored it: it ignores the options of a thread
 * that is already loaded, for this client or another one. Otherwise the agent could do more than the caller allows.
 *
 * @throws CodexError if this server or client can't change the settings of a thread.
 */
export async function applyIgnored(
  session: Session,
  { id: threadId, profile }: ThreadState,
  { asked, answer }: Resumed,
  limits: RequestOptions,
): Promise<void> {
  if (!isRecord(answer)) return;
  const ignored = ignoredLimits(asked, answer);
  const named = askedSandbox(asked);
  const directory = ignoredDirectory(asked, answer);
  if (named && !isInEffect(named, answer)) {
    const cwd = directory.cwd ?? profile.cwd;
    const setting = await settingOf(session, named, { ...asked, cwd }, limits);
    if (!isDeepStrictEqual(setting.sandboxPolicy, answer.sandbox)) {
      const home = session.sharesFiles ? homedir() : undefined;
      Object.assign(ignored, withAbsoluteRoots(setting, cwd, home));
    }
  }
  // The sandbox that the next turn would have set; see `ThreadProfile.turnSandbox`.
  if (named) profile.turnSandbox = undefined;
  const changes = { ...directory, ...ignored };
  if (Object.keys(changes).length === 0) return;
  try {
    await session.userRequest("thread/settings/update", { threadId, ...changes }, limits);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const { sandboxPolicy } = ignored;
    const isReadOnly = isRecord(answer.sandbox) && answer.sandbox.type === "readOnly";
    if (isReadOnly && sandboxPolicy !== undefined) {
      profile.turnSandbox = { sandboxPolicy };
      delete ignored.sandboxPolicy;
    }
    const names = STRICT.filter((name) => name in ignored);
    if (names.length > 0) throw cannotChange(threadId, names);
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

/** The directory decides where the agent can write. */
function ignoredDirectory({ cwd }: ThreadResumeOptions, answer: Answer): { readonly cwd?: string } {
  if (typeof cwd !== "string" || typeof answer.cwd !== "string" || !isAbsolute(cwd)) return {};
  return resolve(cwd) === resolve(answer.cwd) ? {} : { cwd };
}

/** Whether the answer shows that the thread has this sandbox, or doesn't show its sandbox. */
function isInEffect({ sandbox, permissions }: Named, answer: Answer): boolean {
  const { activePermissionProfile: active, sandbox: policy } = answer;
  const profile = isRecord(active) ? active.id : undefined;
  if (typeof permissions === "string") {
    return active === undefined || profile === permissions;
  }
  if (!isRecord(policy)) return true;
  if (typeof profile === "string" && !profile.startsWith(":")) return false;
  if (policy.type !== POLICIES.get(sandbox)) return false;
  const { networkAccess, writableRoots } = policy;
  // Only a policy that allows more than usual is compared with the configuration.
  return networkAccess !== true && !(Array.isArray(writableRoots) && writableRoots.length > 0);
}

function cannotChange(threadId: string, names: readonly string[]): CodexError {
  return new CodexError(
    `Thread ${threadId} is already loaded with other settings (${names.join(", ")}), and the server ignores the ones ` +
      "passed to threadResume(): either the server is too old to change them, or the client has the option " +
      "experimentalApi: false. Unsubscribe from the thread first, or resume it without these options.",
  );
}
