import type { Tool } from "../input/tool.ts";
import type { ToolNamespace } from "../input/tool-set.ts";
import type {
  ModelListParams,
  ThreadForkParams,
  ThreadItemsListParams,
  ThreadListParams,
  ThreadResumeParams,
  ThreadSearchParams,
  ThreadStartParams,
  ThreadTurnsListParams,
} from "../protocol/index.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { Optional } from "./types.ts";

interface WithTools {
  /**
   * Functions of this program that the model can call, on their own or in a namespace; see `tool`.
   */
  readonly tools?: readonly (Tool | ToolNamespace)[] | undefined;
}

/** The fields that most programs set. The defaults come from the server's configuration. */
interface Settings {
  /** The model, such as "gpt-5.5"; `codex.models()` lists them. */
  readonly model?: string | null | undefined;
  /** The directory that the agent works in. Default: the server's working directory. */
  readonly cwd?: string | null | undefined;
  /**
   * What commands may do without approval: "read-only", "workspace-write" (write in `cwd` and
   * temporary directories, no network) or "danger-full-access". With `cwd`, the sandbox is set right after
   * `thread/start`, so that the server doesn't mark the project as trusted.
   */
  readonly sandbox?: ThreadStartParams["sandbox"] | undefined;
  /**
   * When the server asks for approval: "untrusted" (before all but known harmless commands),
   * "on-request" (when the model asks to leave the sandbox) or "never". An object sets
   * for each kind of request whether the server asks.
   */
  readonly approvalPolicy?: ThreadStartParams["approvalPolicy"] | undefined;
  /** Settings of config.toml for this thread, such as `{ model_reasoning_effort: "low" }`. */
  readonly config?: ThreadStartParams["config"] | undefined;
}

/**
 * Every field of `thread/start`, and the tools. Turns of a thread with `ephemeral: true` take about
 * a third less time. Such a thread isn't stored: it can't be resumed, forked, archived or listed.
 */
export interface ThreadStartOptions
  extends Settings,
    Optional<Omit<ThreadStartParams, keyof Settings | "ephemeral">>,
    RequestOptions,
    WithTools {
  /**
   * Doesn't store the thread: it ends with the server, and can't be resumed, forked or listed.
   * Default false.
   */
  readonly ephemeral?: boolean | null | undefined;
}

/** Every field of `thread/resume`, and the tools that the thread was started with. */
export interface ThreadResumeOptions
  extends Settings,
    Optional<Omit<ThreadResumeParams, keyof Settings | "threadId" | "runtimeWorkspaceRoots">>,
    RequestOptions,
    WithTools {
  /**
   * Where the agent's commands run: `thread/settings/update`. Default: the thread's environments if this client
   * knows them, otherwise the server's machine, because the server doesn't store them.
   */
  readonly environments?: ThreadStartParams["environments"] | undefined;
  /**
   * The folders that "workspace-write" allows writing in. Default: the ones that the server has stored, which include
   * the `writable_roots` that the thread was started with.
   */
  readonly runtimeWorkspaceRoots?: ThreadResumeParams["runtimeWorkspaceRoots"] | undefined;
}

/** Every field of `thread/fork`, and tools to replace the parent's. */
export interface ThreadForkOptions
  extends Settings,
    Optional<Omit<ThreadForkParams, keyof Settings | "threadId" | "ephemeral">>,
    RequestOptions,
    WithTools {
  /**
   * Doesn't store the fork: it ends with the server, and can't be resumed, forked or listed.
   * Default false.
   */
  readonly ephemeral?: ThreadForkParams["ephemeral"] | undefined;
}

/** Every field of `thread/list`. Without `sourceKinds`, only threads from interactive sources are listed. */
export interface ThreadListOptions extends Optional<ThreadListParams>, RequestOptions {}

/** Every field of `model/list`. */
export interface ModelListOptions extends Optional<ModelListParams>, RequestOptions {}

/** Every field of `thread/turns/list`. */
export interface ThreadTurnsOptions
  extends Optional<Omit<ThreadTurnsListParams, "threadId">>,
    RequestOptions {}

/** Every field of `thread/items/list`. */
export interface ThreadItemsOptions
  extends Optional<Omit<ThreadItemsListParams, "threadId">>,
    RequestOptions {}

/** Every field of `thread/search`, except the text. */
export interface ThreadSearchOptions
  extends Optional<Omit<ThreadSearchParams, "searchTerm">>,
    RequestOptions {}
