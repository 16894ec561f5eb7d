import type { AnswerRequest, StartedThread, StartThread, ThreadPage } from "../bridge/messages.ts";
import { ClientRequests } from "./client-requests.ts";
import { ClientThread } from "./client-thread.ts";
import { type CallOptions, type CodexClientOptions, Connection } from "./connection.ts";

export interface ListThreadsOptions extends CallOptions {
  /** Only threads that contain this text. */
  readonly search?: string | undefined;
  /** Where the page begins: the `cursor` of the previous page. */
  readonly cursor?: string | undefined;
  /** The maximum number of threads in a page, from 1 to 100. Default 20. */
  readonly limit?: number | undefined;
  /** Lists only archived threads. Default false: lists only the others. */
  readonly archived?: boolean | undefined;
}

/**
 * Uses the threads of a program through its handler (`createHandler` of `codex-app-server/web`), as far
 * as the handler allows. Runs in browsers, and wherever `fetch` exists.
 *
 * @example
 * const codex = new CodexClient({ url: "/api/codex" });
 * const thread = await codex.threadStart();
 * const timeline = thread.timeline();
 * timeline.subscribe(() => console.log(timeline.snapshot));
 * await thread.turn("Say hello.");
 */
export class CodexClient {
  readonly #connection: Connection;

  constructor(options: CodexClientOptions) {
    this.#connection = new Connection(options);
  }

  /**
   * Starts a thread. `asked` is passed to the handler's `threadOptions`, which decides what to use.
   * @throws HandlerError if the handler refuses, or doesn't answer.
   */
  async threadStart(asked?: unknown, options: CallOptions = {}): Promise<ClientThread> {
    const body: StartThread = { options: asked };
    const { threadId } = await this.#connection.post<StartedThread>(
      { kind: "threads" },
      body,
      options,
    );
    return this.thread(threadId);
  }

  /** Returns the thread with this id. Nothing is sent until you use the thread. */
  thread(threadId: string): ClientThread {
    return new ClientThread(this.#connection, threadId);
  }

  /**
   * Returns one page of the stored threads that the user may see. A page can have fewer than `limit`
   * threads even if more follow; `cursor` is null only after the last page.
   * @throws HandlerError if the handler refuses, or doesn't answer.
   */
  threadList(options: ListThreadsOptions = {}): Promise<ThreadPage> {
    const { signal, search, cursor, limit, archived } = options;
    const query = { search, cursor, limit, archived };
    return this.#connection.get({ kind: "threads" }, query, { signal });
  }

  /** Returns the pending requests of all threads, kept up to date. Close the result when it is no longer shown. */
  requests(): ClientRequests {
    return new ClientRequests(this.#connection);
  }

  /**
   * Answers a request with one of its options, and with content if it has a form.
   * @throws HandlerError with the code "REQUEST_SETTLED" if it has already been answered or is no longer
   * needed, "INVALID_ANSWER" for an unknown option or content that doesn't match the form.
   */
  async answer(
    requestId: string,
    optionId: string,
    content?: unknown,
    options: CallOptions = {},
  ): Promise<void> {
    const body: AnswerRequest = { optionId, content };
    await this.#connection.post({ kind: "request", requestId }, body, options);
  }
}
