import { CodexError } from "../errors/errors.ts";
import { JsonRpcError } from "../errors/rpc-errors.ts";
import type { ThreadItem } from "../protocol/index.ts";
import { isToolApproval } from "../requests/elicitation.ts";
import { InboundRequests } from "../rpc/inbound.ts";
import type { Notification, RequestId, ServerRequest } from "../rpc/messages.ts";
import { parentNamedBy } from "../thread/kinship.ts";
import type { ThreadRegistry } from "../thread/thread-registry.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { isRecord } from "../util/describe.ts";
import type { PendingRequests } from "./pending-requests.ts";
import type { Responder } from "./responder.ts";
import { runningItems } from "./running-items.ts";
import { approvedToolCall } from "./tool-approval.ts";
import { TurnEnded } from "./turn-ended.ts";

export interface ServerRequestsOptions {
  readonly threads: ThreadRegistry;
  readonly responder: Responder;
  readonly pending: PendingRequests;
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

/** Whether a request is told from its item: which files it changes, or that it is a tool call's at all. */
function needsItem({ method, params }: ServerRequest): boolean {
  if (method === "item/fileChange/requestApproval") return true;
  return method === "mcpServer/elicitation/request" && isToolApproval(params);
}

/** Levels of sub-agents; more than any server allows. */
const MAX_DEPTH = 16;

/** Finds the thread that each server request is about, and has the request answered. */
export class ServerRequests {
  readonly #options: ServerRequestsOptions;
  readonly #inbound: InboundRequests;
  #replacements = 0;

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

  /** A notification may show that an answer has arrived, or isn't needed: the server won't ask for it again. */
  acknowledge({ method, params }: Notification): void {
    if (!isRecord(params)) return;
    if (method === "item/completed" && isRecord(params.item)) {
      const { id } = params.item;
      this.#forget((asked) => asked.callId === id || asked.itemId === id);
    } else if (method === "turn/completed" && isRecord(params.turn)) {
      const { id } = params.turn;
      this.#forget((asked) => asked.turnId === id);
      const isAskedByIt = (request: ServerRequest) =>
        isRecord(request.params) && request.params.turnId === id;
      this.#inbound.withdrawWhere(isAskedByIt, new TurnEnded());
    }
  }

  forgetThread(threadId: string): void {
    this.#forget((asked) => asked.threadId === threadId);
  }

  withdrawAll(reason: Error): void {
    this.#inbound.withdrawAll(reason);
  }

  /** Finds out which pending requests the server still asks: it repeats them when their thread is resumed. */
  connectionReplaced(): void {
    this.#inbound.connectionReplaced();
    this.#replacements++;
    for (const [threadId, requests] of this.#options.pending.byThread()) {
      void this.#askAgain(threadId, requests);
    }
  }

  async #askAgain(threadId: string, requests: readonly ServerRequest[]): Promise<void> {
    const { threads } = this.#options;
    const replacements = this.#replacements;
    try {
      const known = threads.known(threadId);
      if (known) await known.subscribe();
      else await threads.server.request("thread/resume", { threadId, excludeTurns: true });
      // Repeated requests come before this answer.
      await threads.server.request("thread/read", { threadId });
    } catch (error) {
      // Without an answer the next connection asks again.
      if (!(error instanceof JsonRpcError)) return;
    }
    // Another connection asks again itself.
    if (this.#replacements !== replacements) return;
    for (const request of requests) {
      if (!this.#inbound.isUnrepeated(request)) continue;
      this.#inbound.withdrawOnly(request, new CodexError("The server no longer asks"));
    }
  }

  #forget(matches: (params: Readonly<Record<string, unknown>>) => boolean): void {
    this.#inbound.forget(({ params }) => isRecord(params) && matches(params));
  }

  async #answer(request: ServerRequest, signal: AbortSignal): Promise<unknown> {
    const params = isRecord(request.params) ? request.params : {};
    const turnId = typeof params.turnId === "string" ? params.turnId : "";
    const { thread, isNobodys } = await this.#lookUp(params.threadId);
    const item = await this.#itemOf(request, thread, turnId);
    const record = thread?.turns.get(turnId);
    const context = {
      method: request.method,
      item,
      threadId: thread?.id,
      parentThreadId: thread?.family.parent?.id,
      signal,
    };
    const mayBeOthers = this.#options.replays;
    const isOthers = mayBeOthers && (isNobodys || thread?.family.isOthers(turnId) === true);
    record?.outcome.then(
      () => this.#inbound.withdrawOnly(request, new TurnEnded()),
      (reason) => {
        // The turn has ended only here. On the server it continues: it would wait for our answer for ever.
        if (isOthers) this.#inbound.withdrawOnly(request, reason);
        else this.#inbound.cancel(request, reason);
      },
    );
    return this.#options.responder.answer(request, context, {
      tools: thread?.tools,
      isOthers,
      becomesOurs: isOthers ? thread?.turns.whenClaimed(turnId) : undefined,
    });
  }

  /** A turn that began before this client came, or during a gap, has items that it hasn't seen. */
  async #itemOf(
    request: ServerRequest,
    thread: ThreadState | undefined,
    turnId: string,
  ): Promise<ThreadItem | undefined> {
    const seen = itemOf(request, thread?.itemsOf(turnId) ?? []);
    const { replays, responder, threads } = this.#options;
    if (seen || !replays || !responder.hasRules || !needsItem(request)) return seen;
    const record = thread?.turns.get(turnId);
    const connection = threads.server.connection();
    if ((record && !record.hasGap) || !thread || !connection) return undefined;
    const items = await runningItems(connection, thread.id, turnId).catch(() => []);
    return itemOf(request, items);
  }

  /** An unknown thread may be a sub-agent of a known one, and then has its tools. Otherwise it is nobody's here. */
  async #lookUp(
    threadId: unknown,
  ): Promise<{ thread?: ThreadState | undefined; isNobodys: boolean }> {
    if (typeof threadId !== "string") return { isNobodys: false };
    try {
      const thread = await this.#threadOf(threadId);
      return { thread, isNobodys: thread === undefined };
    } catch {
      // The server doesn't say.
      return { thread: this.#options.threads.known(threadId), isNobodys: false };
    }
  }

  async #threadOf(threadId: string, depth = 0): Promise<ThreadState | undefined> {
    const { threads } = this.#options;
    const known = threads.known(threadId);
    if (known || depth >= MAX_DEPTH) return known;
    const read = await threads.server.request("thread/read", { threadId });
    if (!isRecord(read) || !isRecord(read.thread)) {
      throw new CodexError("The server's answer to thread/read names no thread");
    }
    const parentId = parentNamedBy(read.thread);
    const parent = parentId === undefined ? undefined : await this.#threadOf(parentId, depth + 1);
    if (parent) threads.adopt(threadId, parent);
    return threads.known(threadId);
  }
}
