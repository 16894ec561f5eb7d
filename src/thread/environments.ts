import { isRecord } from "../util/describe.ts";
import { isNotLoaded } from "./ask-status.ts";
import type { KeptSettings } from "./kept-settings.ts";
import type { ThreadServer } from "./thread-server.ts";

interface WithSettings {
  readonly id: string;
  readonly profile: {
    readonly settings: KeptSettings;
    /** Whether the server has loaded the thread, but may have selected its own machine. */
    isElsewhere: boolean;
  };
}

type Ask = (method: string, params: object) => Promise<unknown>;

/**
 * Selects the thread's environments again: a server that loads or forks a thread selects its own machine, where the
 * thread's commands would run unprotected.
 */
export async function selectEnvironments(
  { id: threadId, profile }: WithSettings,
  ask: Ask,
): Promise<void> {
  const { environments } = profile.settings;
  if (environments == null) return;
  profile.isElsewhere = true;
  await ask("thread/settings/update", { threadId, environments });
  profile.isElsewhere = false;
}

interface Parent extends WithSettings {
  readonly family: { readonly children: Iterable<Parent> };
}

/**
 * Selects the environments of the thread's sub-agents that were loaded on the server's own machine, because the agent
 * can give them more work. Rejects if the server still doesn't know one of them.
 */
export async function selectForSubAgents({ family }: Parent, ask: Ask): Promise<void> {
  for (const child of family.children) {
    if (child.profile.isElsewhere) {
      await selectEnvironments(child, ask).catch((error) => {
        if (!isNotLoaded(error)) throw error;
      });
    }
    await selectForSubAgents(child, ask);
  }
}

/** Requests that make the server run commands in the environments that are selected. `turn/start` can name others. */
const RUNS_COMMANDS: ReadonlySet<string> = new Set([
  "review/start",
  "thread/goal/set",
  "thread/queue/add",
  "thread/queue/start",
  "thread/shellCommand",
  "turn/start",
]);

/**
 * Selects the thread's environments before a request that names none, but runs commands. Rejects if the server doesn't
 * know one of them: it would run the commands on its own machine.
 */
export async function beforeCommands(
  thread: WithSettings & { readonly server: Pick<ThreadServer, "request"> },
  method: string,
  params: KeptSettings,
): Promise<void> {
  if (!RUNS_COMMANDS.has(method) || params.environments != null) return;
  await selectEnvironments(thread, (name, selected) => thread.server.request(name, selected));
}

interface Place {
  readonly settings: KeptSettings;
  readonly reportedEnvironments: unknown;
}

/**
 * The params of a request with the thread's environments, if it is one that can select others. If the server doesn't
 * know one of them, it refuses the request, instead of running commands elsewhere.
 *
 * A `cwd` alone would select the server's own machine, even if another client has selected the environments.
 */
export function inPlace<P extends object>(profile: Place, method: string, params: P): P {
  const hasDirectory = (params as KeptSettings).cwd != null;
  if (method !== "turn/start" && !(method === "thread/settings/update" && hasDirectory)) {
    return params;
  }
  const named = profile.settings.environments;
  const environments = named ?? (hasDirectory ? profile.reportedEnvironments : undefined);
  return inEnvironments({ environments }, params);
}

/**
 * The params of a request with these environments, unless it names some. A `cwd` becomes the directory in the first of
 * them.
 */
export function inEnvironments<P extends object>({ environments }: KeptSettings, params: P): P {
  const { environments: given, cwd } = params as KeptSettings;
  if (given != null || !Array.isArray(environments)) return params;
  const [first, ...others] = environments;
  if (typeof cwd !== "string" || !isRecord(first)) return { ...params, environments };
  const { environmentId } = first;
  return { ...params, environments: [{ environmentId, cwd }, ...others] };
}
