import { CodexError } from "../errors/errors.ts";
import type { ThreadItem } from "../protocol/index.ts";
import { InboundRequests } from "../rpc/inbound.ts";
import type { Notification, RequestId, ServerRequest } from "../rpc/messages.ts";
import { parentNamedBy } from "../thread/kinship.ts";
import type { ThreadRegistry } from "../thread/thread-registry.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { isRecord } from "../util/describe.ts";
import type { Responder } from "./responder.ts";
import { approvedToolCall } from "./tool-approval.ts";

export interface ServerRequestsOptions {
  readonly threads: ThreadRegistry;
  readonly responder: Responder;
  /** Whether the server can ask again after a lost connection. */
  readonly replays: boolean;
  readonly send: (text: string) => void;
}

/** The item that a request is about: the tool call that an elicitation asks approval for, else the one that is named. */
function itemOf({ method, params }: ServerRequest, items: readonly ThreadItem[]) {
  if (method === "mcpServer/elicitation/request") return approvedToolCall(params, items);
  const itemId = isRecord(params) ? params.itemId : undefined;
  return items.find(({ id }) => id === itemId);
}

/** Whether a turn was started by another client of the server, as far as can be seen. */
function isOthers(thread: ThreadState | undefined, turnId: string): boolean {
  const turns = thread?.turns;
  const record = turns?.get(turnId);
  if (record?.isOwn || turns?.isStartedHere(turnId)) return false;
  if (record?.isOpenedHere((id) => turns?.isOwnMessage(id) === true)) return false;
  for (let parent = thread?.parent; parent; parent = parent.parent) {
    if (parent.turns.own().length > 0) return false;
  }
  return thread !== undefined;
}

/** Levels of sub-agents; more than any server allows. */
const MAX_DEPTH = 16;

/** Finds the thread that each server request is about, and has the request answered. */
export class ServerRequests {
  readonly #options: ServerRequestsOptions;
  readonly #inbound: InboundRequests;

  constructor(options: ServerRequestsOptions) {
    this.#options = options;
    this.#inbound = new InboundRequests(
      (request, signal) => this.#answer(request, signal),
      options.send,
      { replays: options.replays },
    );
  }

  accept(request: ServerRequest): void {
    this.#inbound.accept(request);
  }

  /** `serverRequest/resolved`: an answer is no longer needed, or has arrived. */
  resolved({ params }: Notification): void {
    const id = isRecord(params) ? params.requestId : undefined;
    if (typeof id === "string" || typeof id === "number") {
      this.#inbound.withdraw(id as RequestId, new CodexError("The server withdrew the request"));
    }
  }

  /** A notification may show that an answer has arrived: the server won't ask for it again. */
  acknowledge({ method, params }: Notification): void {
    if (!this.#options.replays || !isRecord(params)) return;
    if (method === "item/completed" && isRecord(params.item)) {
      const { id } = params.item;
      this.#forget((asked) => asked.callId === id || asked.itemId === id);
    } else if (method === "turn/completed" && isRecord(params.turn)) {
      const { id } = params.turn;
      this.#forget((asked) => asked.turnId === id);
    }
  }

  forgetThread(threadId: string): void {
    this.#forget((asked) => asked.threadId === threadId);
  }

  withdrawAll(reason: Error): void {
    this.#inbound.withdrawAll(reason);
  }

  #forget(matches: (params: Readonly<Record<string, unknown>>) => boolean): void {
    this.#inbound.forget(({ params }) => isRecord(params) && matches(params));
  }

  async #answer(request: ServerRequest, signal: AbortSignal): Promise<unknown> {
    const params = isRecord(request.params) ? request.params : {};
    const { threadId } = params;
    const turnId = typeof params.turnId === "string" ? params.turnId : "";
    const thread = typeof threadId === "string" ? await this.#threadOf(threadId) : undefined;
    thread?.turns.get(turnId)?.outcome.then(
      () =>
        this.#inbound.withdrawOnly(request, new CodexError("The turn of the request has ended")),
      // The turn has ended only here: on the server it continues, and would wait for the answer for ever.
      (reason) => this.#inbound.cancel(request, reason),
    );
    const context = {
      method: request.method,
      item: itemOf(request, thread?.itemsOf(turnId) ?? []),
      isOthers: this.#options.replays && isOthers(thread, turnId),
      threadId: thread?.id,
      parentThreadId: thread?.parent?.id,
      signal,
    };
    return this.#options.responder.answer(request, context, thread?.tools);
  }

  /** An unknown thread may be a sub-agent of a known one, and then has its tools. */
  async #threadOf(threadId: string, depth = 0): Promise<ThreadState | undefined> {
    const { threads } = this.#options;
    const known = threads.known(threadId);
    if (known || depth >= MAX_DEPTH) return known;
    try {
      const read = await threads.server.request("thread/read", { threadId });
      const parentId = parentNamedBy(isRecord(read) ? read.thread : undefined);
      const parent = parentId === undefined ? undefined : await this.#threadOf(parentId, depth + 1);
      if (parent) threads.adopt(threadId, parent);
    } catch {
      // The server doesn't tell, so the thread is treated as unknown.
    }
    return threads.known(threadId);
  }
}
