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
  /** Functions of this program that the model can call, alone or in a namespace; see `tool`. */
  readonly tools?: readonly (Tool | ToolNamespace)[] | undefined;
}

/**
 * Every field of `thread/start`, and the tools. Turns of a thread with `ephemeral: true` take about
 * a third less time, as it is stored nowhere: it can't be resumed, forked, archived or listed.
 */
export interface ThreadStartOptions
  extends Optional<ThreadStartParams>,
    RequestOptions,
    WithTools {}

/** Every field of `thread/resume`, and the tools that the thread was started with. */
export interface ThreadResumeOptions
  extends Optional<Omit<ThreadResumeParams, "threadId">>,
    RequestOptions,
    WithTools {}

/** Every field of `thread/fork`, and tools to replace the parent's. */
export interface ThreadForkOptions
  extends Optional<Omit<ThreadForkParams, "threadId">>,
    RequestOptions,
    WithTools {}

/** Every field of `thread/list`. Without `sourceKinds`, only threads of interactive sources are listed. */
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
