import {
  type Codex,
  type CodexWarning,
  type Thread,
  ThreadNotFoundError,
  type WarningCode,
} from "../index.ts";
import { knowsRoots } from "../session/ignored-members.ts";
import { askedApprovals, type Desk } from "./approvals.ts";
import type { Arguments } from "./arguments.ts";
import { type Backend, openBackend } from "./backend.ts";
import { askedQuestions } from "./questions.ts";
import { SANDBOX_BROKEN, scriptedDefault } from "./scripted-default.ts";
import { outputLine, type Shown, show } from "./text.ts";
import { UsageError } from "./usage-error.ts";

const REAL = show`everything else is real`;
const LOG_IN = show`To use a real model, log in with "npx @openai/codex login", or set OPENAI_API_KEY.`;
const NO_LOGIN = show`No Codex login or API key was found: the replies come from a script; ${REAL}.\n${LOG_IN}`;
const SCRIPTED = show`The replies come from a script; ${REAL}.`;

/** Warnings from the server about its settings. */
const OF_SETTINGS: ReadonlySet<WarningCode> = new Set([
  "SERVER_WARNING",
  "CONFIG_WARNING",
  "DEPRECATION",
]);

export interface ServerStart {
  readonly args: Arguments;
  readonly desk: Desk;
  /**
   * Whether to show the user a notice that the replies are scripted; otherwise the user must have requested a script.
   */
  readonly isWatched: boolean;
  readonly notice: (text: Shown) => void;
  readonly signal: AbortSignal;
}

/**
 * Starts the server for a command line, and shows a notice if the user might not expect its model.
 */
export async function startServer(start: ServerStart): Promise<Backend> {
  const { args, desk, isWatched, notice, signal } = start;
  const warn = ({ message }: CodexWarning) => notice(outputLine(message));
  // The user doesn't need warnings about settings of a scripted run, or of a server without a
  // login.
  const onSettings: CodexWarning[] = [];
  let warnOfSettings = (warning: CodexWarning): void => void onSettings.push(warning);
  const options = {
    cwd: args.cwd,
    trace: args.trace,
    handlers: { "item/tool/requestUserInput": askedQuestions(desk) },
    onWarning: (warning: CodexWarning) =>
      OF_SETTINGS.has(warning.code) ? warnOfSettings(warning) : warn(warning),
    signal,
  };
  const backend = await openBackend(
    {
      real: { ...options, approvals: askedApprovals(desk) },
      scripted: { ...options, approvals: askedApprovals(desk, SANDBOX_BROKEN) },
      script: scriptedDefault,
      overrides: args.config,
      useScript: args.scripted ? "always" : isWatched ? "without-login" : "never",
    },
    process.env,
  );
  if (backend.scripted) {
    notice(args.scripted ? SCRIPTED : NO_LOGIN);
  } else {
    warnOfSettings = warn;
    onSettings.forEach(warn);
    watchModel(backend.codex, notice);
  }
  return backend;
}

function watchModel(codex: Codex, notice: (text: Shown) => void): void {
  codex.on("model/rerouted", ({ fromModel, toModel }) =>
    notice(show`The model is now ${outputLine(toModel)} instead of ${outputLine(fromModel)}.`),
  );
}

/** Starts or resumes the thread that the command line asks for. */
export async function openThread({ codex, scripted }: Backend, args: Arguments): Promise<Thread> {
  const { model, cwd, sandbox, approvalPolicy, resume } = args;
  const settings = { model, sandbox, approvalPolicy };
  // The server works in `cwd`. If the request named it, a writable sandbox would make the server trust the
  // directory, and start the programs that a config.toml in it lists.
  if (resume === undefined) return codex.threadStart(settings);
  if (scripted) {
    const option = resume === "last" ? "--last" : "--resume";
    throw new UsageError(
      `${option} needs a login or an API key: a scripted run doesn't store threads`,
    );
  }
  const id = resume === "last" ? await lastThread(codex, cwd) : resume.id;
  try {
    await codex.connect();
    return await codex.threadResume(id, { ...settings, cwd, ...defaultRoots(codex, cwd) });
  } catch (error) {
    if (!(error instanceof ThreadNotFoundError)) throw error;
    throw new UsageError(`--resume: there is no thread ${id}; --last continues the newest one`);
  }
}

/**
 * The directory as the only root: without roots, the server would restore those that earlier
 * commands have set with `--config`.
 */
function defaultRoots(
  { metadata }: Codex,
  cwd: string,
): { readonly runtimeWorkspaceRoots?: string[] } {
  return knowsRoots(metadata.serverInfo.version) ? { runtimeWorkspaceRoots: [cwd] } : {};
}

/** The id of the thread in this directory that was used last. */
async function lastThread(codex: Codex, cwd: string): Promise<string> {
  const { data } = await codex.threadList({
    cwd,
    limit: 1,
    sortKey: "updated_at",
    sourceKinds: ["cli", "vscode", "exec", "appServer"],
  });
  const [newest] = data;
  if (newest) return newest.id;
  throw new UsageError(`--last: there is no thread to continue in ${JSON.stringify(cwd)}`);
}
