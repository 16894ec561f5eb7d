import type { AnswerRequest, StartedThread, StartThread, ThreadPage } from "../bridge/messages.ts";
import { ClientRequests } from "./client-requests.ts";
import { ClientThread } from "./client-thread.ts";
import { type CallOptions, type CodexClientOptions, Connection } from "./connection.ts";

export interface ListThreadsOptions extends CallOptions {
  /** Only threads that contain this text. */
  readonly search?: string | undefined;
  /** Where the page begins: the `cursor` of the page before. */
  readonly cursor?: string | undefined;
  /** How many threads a page has at most, from 1 to 100. Default 20. */
  readonly limit?: number | undefined;
  /** Lists archived threads instead. Default false. */
  readonly archived?: boolean | undefined;
}

/**
 * The threads of a program with a handler (`createHandler` of `codex-app-server/web`), as far as it
 * allows. Runs in browsers, and wherever there is `fetch`.
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
   * Starts a thread. The handler's `threadOptions` receives what is asked for, and decides.
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

  /** A thread by its id; nothing is sent until it is used. */
  thread(threadId: string): ClientThread {
    return new ClientThread(this.#connection, threadId);
  }

  /**
   * Returns one page of the stored threads that the user may see. A page can have fewer than `limit`
   * where there are more: `cursor` is null at the end.
   * @throws HandlerError if the handler refuses, or doesn't answer.
   */
  threadList(options: ListThreadsOptions = {}): Promise<ThreadPage> {
    const { signal, search, cursor, limit, archived } = options;
    const query = { search, cursor, limit, archived };
    return this.#connection.get({ kind: "threads" }, query, { signal });
  }

  /** What is asked of the user in all threads, live. Close it when it is no longer shown. */
  requests(): ClientRequests {
    return new ClientRequests(this.#connection);
  }

  /**
   * Answers a request with one of its options, and with content if it has a form.
   * @throws HandlerError with the code "REQUEST_SETTLED" if it was answered already or isn't needed
   *   any more, "INVALID_ANSWER" for an unknown option or content that doesn't fit the form.
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
