import { homedir } from "node:os";
import { CodexError, InvalidInputError } from "../errors/errors.ts";
import { ToolSet } from "../input/tool-set.ts";
import type { Session } from "../session/session.ts";
import { inEnvironments, selectEnvironments } from "../thread/environments.ts";
import {
  forkedFrom,
  type KeptSettings,
  keptSettings,
  setsSandbox,
} from "../thread/kept-settings.ts";
import { checkLimits, limitedCall } from "../thread/limited-call.ts";
import { threadCall } from "../thread/thread-calls.ts";
import { type ThreadOpening, withoutChosen } from "../thread/thread-profile.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { withoutTurns } from "../thread/without-turns.ts";
import { orAborted } from "../util/abort.ts";
import { isRecord } from "../util/describe.ts";
import { onCollected } from "../util/on-collected.ts";
import { applyIgnored } from "./ignored-settings.ts";
import type { LocalFiles } from "./local-files.ts";
import {
  type SandboxSetting,
  sandboxAfterStart,
  setSandbox,
  withAbsoluteRoots,
} from "./start-sandbox.ts";
import { profileOf, Thread } from "./thread.ts";
import type {
  ThreadForkOptions,
  ThreadResumeOptions,
  ThreadStartOptions,
} from "./thread-options.ts";

const START = "thread/start";
const FORK = "thread/fork";

/** Starts, loads and forks threads, and creates their handles. */
export class ThreadOpener {
  readonly #session: Session;
  readonly #files: LocalFiles;

  constructor(session: Session, files: LocalFiles) {
    this.#session = session;
    this.#files = files;
  }

  async start(options: ThreadStartOptions): Promise<Thread> {
    const { tools, signal, timeoutMs, ...params } = options;
    const toolSet = tools && new ToolSet(tools);
    const dynamicTools = [...(params.dynamicTools ?? []), ...(toolSet?.specs() ?? [])];
    await this.#files.checkCwd(params.cwd);
    const asked = { ...params, dynamicTools: dynamicTools.length > 0 ? dynamicTools : undefined };
    const opening = { tools: toolSet, settings: keptSettings(params) };
    return limitedCall(START, { signal, timeoutMs }, async (limits) => {
      const later = await sandboxAfterStart(this.#session, params, limits);
      if (later === undefined) return this.#open(START, asked, limits, opening);
      const readOnly = { ...asked, permissions: undefined, sandbox: "read-only" };
      const thread = await this.#open(START, readOnly, limits, opening);
      await this.#setSandbox(thread, later, limits);
      return thread;
    });
  }

  async #setSandbox(thread: Thread, setting: SandboxSetting, limits: RequestOptions) {
    const home = this.#session.sharesFiles ? homedir() : undefined;
    const absolute = withAbsoluteRoots(setting, profileOf(thread).cwd, home);
    try {
      await setSandbox(thread, absolute, limits);
    } catch (error) {
      // The caller doesn't get the thread.
      thread.unsubscribe().catch(() => {});
      throw error;
    }
  }

  async resume(threadId: string, options: ThreadResumeOptions): Promise<Thread> {
    const { tools, environments, signal, timeoutMs, ...params } = options;
    // Unset when the caller gives up, because the answer may never come.
    let wanted: ThreadOpening | undefined = {
      tools: tools && new ToolSet(tools),
      settings: keptSettings({
        ...params,
        environments: environments ?? this.#environmentsOf(threadId),
      }),
    };
    await this.#files.checkCwd(params.cwd);
    // Registered before the request is sent: a server request may immediately follow the response.
    const state = this.#session.threads.open(threadId);
    state.handles.retain();
    try {
      const answer = await state.starts.whileAsking(() =>
        withoutTurns({ ...params, threadId }, (asked) =>
          this.#session.userRequest("thread/resume", asked, {
            signal,
            timeoutMs,
            onResult: (result, id) => state.opened(result, id, wanted),
          }),
        ),
      );
      await applyIgnored(this.#session, state, { asked: params, answer }, { signal, timeoutMs });
      const selecting = this.#selectEnvironments(state, { signal, timeoutMs });
      await selecting.catch((error: unknown) => {
        // Servers that ignore the environments of settings use those of turns. What else runs commands is refused.
        if (environments != null && !(error instanceof InvalidInputError)) throw error;
      });
      signal?.throwIfAborted();
      return this.#handle(state);
    } finally {
      wanted = undefined;
      state.handles.release();
    }
  }

  /** A later call that changes or removes the history waits for it. */
  fork(threadId: string, options: ThreadForkOptions): Promise<Thread> {
    const { signal, timeoutMs, ...rest } = options;
    checkLimits({ signal, timeoutMs });
    const thread = this.#session.threads.open(threadId);
    return threadCall(thread, "change", FORK, { signal, timeoutMs }, (limits) =>
      this.#fork(threadId, { ...rest, ...limits }),
    );
  }

  async #fork(threadId: string, options: ThreadForkOptions): Promise<Thread> {
    const { tools, signal, timeoutMs, ...params } = options;
    await this.#files.checkCwd(params.cwd);
    const source = this.#session.threads.known(threadId);
    if (source) await orAborted(source.profile.certainty, signal);
    const kept = source?.profile.settings ?? {};
    // Such a fork has all settings of its thread, and the server refuses others.
    const asked = params.experimentalPredictionMode ? params : forkedFrom(kept, params);
    const { environments } = inEnvironments(kept, params) as KeptSettings;
    const opening = {
      tools: tools ? new ToolSet(tools) : source?.tools,
      settings: keptSettings({ ...asked, environments }),
    };
    const { sandboxPolicy, cwd } = withoutChosen(source?.profile.turnSettings ?? {}, params);
    const turnSettings = { sandboxPolicy: setsSandbox(params) ? undefined : sandboxPolicy, cwd };
    const fork = await withoutTurns({ ...asked, threadId }, (limited) =>
      this.#open(FORK, limited, { signal, timeoutMs }, opening),
    );
    const state = this.#session.threads.open(fork.id);
    state.profile.turnSettings = turnSettings;
    // If the server doesn't know an environment, it also refuses everything that would run commands.
    await this.#selectEnvironments(state, { signal, timeoutMs }).catch(() => {});
    if (signal?.aborted) fork.unsubscribe().catch(() => {});
    signal?.throwIfAborted();
    return fork;
  }

  /** The thread's environments, if this program knows them. The server doesn't store them. */
  #environmentsOf(threadId: string): unknown {
    return this.#session.threads.known(threadId)?.profile.settings.environments;
  }

  #selectEnvironments(state: ThreadState, limits: RequestOptions): Promise<void> {
    return selectEnvironments(state, (method, params) =>
      this.#session.userRequest(method, params, limits),
    );
  }

  /** Whether this connection receives the thread's turns. */
  isOpen(threadId: string): boolean {
    const state = this.#session.threads.known(threadId);
    return state?.subscription.isActive === true && state.starts.refusal === undefined;
  }

  /** A handle to a thread whose turns this connection receives; undefined for others. */
  known(threadId: string): Thread | undefined {
    return this.isOpen(threadId) ? this.#handle(this.#session.threads.open(threadId)) : undefined;
  }

  /**
   * Makes the server unload a thread to which the caller has the only handle, if it can be loaded
   * again and nothing runs on it. Returns false otherwise.
   */
  async unload(thread: Thread): Promise<boolean> {
    const state = this.#session.threads.known(thread.id);
    if (!state?.subscription.isActive) return true;
    const isInUse = !state.handles.hasOneAtMost || state.isAtWork || state.starts.isWanted;
    if (isInUse || state.profile.isEphemeral) return false;
    await thread.unsubscribe();
    return true;
  }

  /**
   * The top-level thread that a sub-agent works for, as far as known; for other threads, the thread
   * itself. A presumed parent doesn't count: the agent can give work to any thread of the server.
   */
  rootOf(threadId: string): string {
    let root = this.#session.threads.known(threadId);
    while (root?.family.parent && !root.family.isPresumed) root = root.family.parent;
    return root?.id ?? threadId;
  }

  /** Sends a request that creates a thread, and returns a handle for it. */
  async #open(
    method: "thread/start" | "thread/fork",
    params: object,
    options: RequestOptions,
    opening: ThreadOpening,
  ): Promise<Thread> {
    let handle: Thread | undefined;
    // Unset when the caller gives up, because the answer may never come.
    let wanted: ThreadOpening | undefined = opening;
    const onResult = (result: unknown, id: number) => {
      const thread = threadIn(result);
      if (wanted === undefined) {
        this.#abandon(thread);
        return;
      }
      const state = this.#session.threads.open(idIn(thread, method));
      handle = this.#handle(state);
      state.opened(result, id, { ...wanted, isNew: true, isEmpty: method === "thread/start" });
    };
    try {
      await this.#session.userRequest(method, params, { ...options, isInOrder: true, onResult });
    } finally {
      wanted = undefined;
    }
    if (handle === undefined)
      throw new CodexError(`The server's response to ${method} has no result`);
    return handle;
  }

  /** Makes the server unload a thread that the caller no longer wants. No one else knows about it. */
  #abandon(thread: unknown): void {
    const threadId = isRecord(thread) ? thread.id : undefined;
    if (typeof threadId !== "string") return;
    this.#session.request("thread/unsubscribe", { threadId }).catch(() => {});
  }

  #handle(state: ThreadState): Thread {
    const thread = new Thread(state.id, {
      session: this.#session,
      state,
      files: this.#files,
      fork: (id, options) => this.fork(id, options),
    });
    state.handles.retain();
    this.#files.noteDirectory(state);
    onCollected(thread, state, release);
    return thread;
  }
}

function release(state: ThreadState): void {
  state.handles.release();
}

/** The thread in a response. */
function threadIn(result: unknown): unknown {
  return isRecord(result) ? result.thread : undefined;
}

function idIn(thread: unknown, method: string): string {
  if (isRecord(thread) && typeof thread.id === "string") return thread.id;
  throw new CodexError(
    `The server's response to ${method} has no thread id: is this an app-server?`,
  );
}
