import { CodexError } from "../errors/errors.ts";
import { repeatWhile } from "../errors/retry.ts";
import { InternalRpcError, JsonRpcError } from "../errors/rpc-errors.ts";
import type { ThreadItem } from "../protocol/index.ts";
import { InboundRequests } from "../rpc/inbound.ts";
import type { Notification, RequestId, ServerRequest } from "../rpc/messages.ts";
import { learnWhose } from "../thread/learn-whose.ts";
import type { ThreadRegistry } from "../thread/thread-registry.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { withoutTurns } from "../thread/without-turns.ts";
import { isRecord } from "../util/describe.ts";
import type { PathLookups } from "../util/path-lookups.ts";
import { textOf } from "../util/text-of.ts";
import { FileTargets, type ThreadPlace } from "./file-targets.ts";
import { observed } from "./observed-request.ts";
import type { PendingRequests } from "./pending-requests.ts";
import {
  FILE_CHANGE,
  itemOf,
  needsItem,
  type RequestSubject,
  subjectOf,
  threadIdOf,
  turnIdOf,
} from "./request-subject.ts";
import type { Responder } from "./responder.ts";
import { runningItems } from "./running-items.ts";
import { ThreadFinder } from "./thread-finder.ts";
import { TurnEnded } from "./turn-ended.ts";

export interface ServerRequestsOptions {
  readonly threads: ThreadRegistry;
  readonly responder: Responder;
  readonly pending: PendingRequests;
  /** Whether the server sees the files of this machine. */
  readonly sharesFiles: boolean;
  readonly lookups: PathLookups;
  /** Whether the server sends its pending requests again after a lost connection. */
  readonly replays: boolean;
  readonly send: (text: string) => void;
}

/** Whether the server failed internally, which doesn't show whether it still waits for answers. */
function isFault(error: unknown): boolean {
  return error instanceof InternalRpcError;
}

/** Resolves if the turn proves to be this program's. Missed notifications are looked up. */
function whenOurs(thread: ThreadState, turnId: string, signal: AbortSignal): Promise<void> {
  // If the server doesn't answer, the other clients decide the request.
  learnWhose(thread, turnId, signal).catch(() => {});
  return thread.family.whenOurs(turnId);
}

/** How long to wait before asking the server for a turn's items again. */
const RETRY_MS = 500;

/** Finds the thread that each server request is about, and passes the request to the responder. */
export class ServerRequests {
  readonly #options: ServerRequestsOptions;
  readonly #inbound: InboundRequests;
  readonly #finder: ThreadFinder;
  /**
   * What each request was about when its line was read. It is handled later, when newer messages may have changed
   * the thread or the turn.
   */
  readonly #subjects = new WeakMap<ServerRequest, RequestSubject>();
  #replacements = 0;
  #isCut = false;

  constructor(options: ServerRequestsOptions) {
    this.#options = options;
    this.#finder = new ThreadFinder(options.threads, options.replays);
    this.#inbound = new InboundRequests(
      (request, signal) => observed(request, signal, () => this.#answer(request, signal)),
      options.send,
      { replays: options.replays, partyOf: threadIdOf },
    );
    options.pending.onAsked((request) => this.#holdIfStale(request));
  }

  accept(request: ServerRequest): void {
    this.#options.pending.confirm(request);
    this.#inbound.accept(request);
    const thread = this.#options.threads.known(threadIdOf(request));
    thread?.turns.get(turnIdOf(request))?.opening.seeRequest();
    // If `subjectOf` throws here, it throws again when the request is handled, and the server receives that error.
    if (thread) this.#subjects.set(request, subjectOf(request, thread));
  }

  /** Handles `serverRequest/resolved`: the server has received an answer, or no longer needs one. */
  resolved({ params }: Notification): void {
    const id = isRecord(params) ? params.requestId : undefined;
    if (typeof id === "string" || typeof id === "number") {
      this.#inbound.withdraw(id as RequestId, new CodexError("The server withdrew the request"));
    }
  }

  /**
   * Handles notifications that show that the server has received an answer, or no longer needs one:
   * it won't repeat the request.
   */
  acknowledge({ method, params }: Notification): void {
    if (!isRecord(params)) return;
    if (method === "item/completed" && isRecord(params.item)) {
      const { id } = params.item;
      this.#forget((asked) => asked.callId === id || asked.itemId === id);
    } else if (method === "turn/completed" && isRecord(params.turn)) {
      const { id } = params.turn;
      this.#forget((asked) => asked.turnId === id);
      this.#inbound.withdrawWhere((request) => turnIdOf(request) === id, new TurnEnded());
    }
  }

  forgetThread(threadId: string): void {
    this.#forget((asked) => asked.threadId === threadId);
  }

  withdrawAll(reason: Error): void {
    this.#inbound.withdrawAll(reason);
  }

  /**
   * Handles the loss of the connection. A server that has exited no longer needs answers; one that
   * is still running may need them when the client reconnects.
   */
  connectionLost(reason: Error): void {
    // A restarted server uses the same ids for different requests.
    if (!this.#options.replays) {
      this.withdrawAll(reason);
      return;
    }
    this.#isCut = true;
    for (const requests of this.#options.pending.byThread().values()) {
      this.#options.pending.hold(requests);
    }
  }

  /**
   * Finds out which pending requests the server still needs answered. It repeats these when their thread is resumed.
   */
  connectionReplaced(): void {
    this.#inbound.connectionReplaced();
    this.#replacements++;
    this.#isCut = false;
    for (const [threadId, requests] of this.#options.pending.byThread()) {
      void this.#askAgain(threadId, requests);
    }
  }

  /** Holds the answer to a request that became pending after its connection was lost. */
  #holdIfStale(request: ServerRequest): void {
    const threadId = threadIdOf(request);
    if (threadId === "") return;
    if (!this.#isCut && !this.#inbound.isUnrepeated(request)) return;
    this.#options.pending.hold([request]);
    if (!this.#isCut) void this.#askAgain(threadId, [request]);
  }

  async #askAgain(threadId: string, requests: readonly ServerRequest[]): Promise<void> {
    const { threads } = this.#options;
    const connection = threads.server.connection();
    if (!connection) return;
    const replacements = this.#replacements;
    const isReplaced = () => connection.isLost || this.#replacements !== replacements;
    const ask = async () => {
      const known = threads.known(threadId);
      if (!known)
        await withoutTurns({ threadId }, (asked) => connection.ask("thread/resume", asked));
      else if (!known.subscription.isActive) await known.resumeOn(connection);
      // The server repeats its requests before it answers `thread/read`.
      await connection.ask("thread/read", { threadId });
    };
    try {
      await repeatWhile(isFault, ask, { pause: (ms) => threads.server.pause(ms) });
    } catch (error) {
      if (!(error instanceof JsonRpcError) || isFault(error)) {
        // The server gave no information, so answers no longer wait for it to repeat the requests.
        if (!isReplaced()) this.#confirm(requests);
        return;
      }
    }
    // For a newer connection, `connectionReplaced` has started another check.
    if (isReplaced()) return;
    for (const request of requests) {
      if (!this.#inbound.isUnrepeated(request)) continue;
      this.#inbound.withdrawOnly(request, new CodexError("The server no longer needs an answer"));
    }
  }

  #confirm(requests: readonly ServerRequest[]): void {
    for (const request of requests) this.#options.pending.confirm(request);
  }

  #forget(matches: (params: Readonly<Record<string, unknown>>) => boolean): void {
    this.#inbound.forget(({ params }) => isRecord(params) && matches(params));
  }

  async #answer(request: ServerRequest, signal: AbortSignal): Promise<unknown> {
    const params = isRecord(request.params) ? request.params : {};
    const asRead = this.#subjects.get(request);
    const { thread, owner } = await this.#finder.find(params.threadId, asRead?.thread);
    const subject = asRead ?? subjectOf(request, thread);
    const { record, tools } = subject;
    const turnId = turnIdOf(request);
    const mayBeOthers = this.#options.replays && !subject.isOurs;
    const isOthers =
      mayBeOthers && (thread ? thread.family.isOthers(turnId) : owner !== "this client");
    record?.outcome.then(
      () => this.#inbound.withdrawOnly(request, new TurnEnded()),
      (reason) => {
        // The turn has ended only in this client. On the server it continues, and would wait forever for the answer
        // to this request.
        if (isOthers) this.#inbound.withdrawOnly(request, reason);
        else this.#inbound.cancel(request, reason);
      },
    );
    const item = await this.#currentItem(request, subject, thread, signal);
    const { sharesFiles } = this.#options;
    const lookUp = sharesFiles ? FileTargets.of(request, item, this.#placeOf(thread)) : undefined;
    const targets = lookUp && (await lookUp);
    const context = {
      method: request.method,
      item,
      threadId: thread?.id,
      parentThreadId: await this.#finder.parentIdOf(thread, signal),
      exactNumbers: request.exactNumbers === true,
      fileWarnings: targets ? targets.warnings : [],
      signal,
    };
    const isUnclear = isOthers && !thread && owner === "unclear";
    const late = isUnclear ? this.#finder.findLater(textOf(params.threadId), signal) : undefined;
    const becomesOurs =
      isOthers && thread
        ? whenOurs(thread, turnId, signal)
        : late?.then((found) => {
            return found.family.isOthers(turnId) ? whenOurs(found, turnId, signal) : undefined;
          });
    // The responder may never use this promise, and then doesn't handle its rejection.
    becomesOurs?.catch(() => {});
    const changed = targets ? () => targets.changed() : undefined;
    const turn = { tools, isOthers, becomesOurs, changed };
    return this.#options.responder.answer(request, context, turn);
  }

  #placeOf(thread: ThreadState | undefined): ThreadPlace {
    const { cwd, realCwd, settings } = thread?.profile ?? {};
    const { runtimeWorkspaceRoots: roots } = settings ?? {};
    return {
      cwd,
      realCwd: realCwd?.of === cwd ? realCwd?.path : undefined,
      roots: Array.isArray(roots) ? roots : [],
      lookups: this.#options.lookups,
    };
  }

  /**
   * The item that the request is about. If the turn started before this client connected, or has a gap, the client
   * hasn't seen all of its items. An unseen item can have the same id as one that was seen.
   */
  async #currentItem(
    request: ServerRequest,
    { item: known, isCurrent, record }: RequestSubject,
    thread: ThreadState | undefined,
    signal: AbortSignal,
  ): Promise<ThreadItem | undefined> {
    const { replays, responder, threads } = this.#options;
    if (!replays || !responder.hasRules || !needsItem(request)) return known;
    if ((record && !record.hasGap) || (known && request.method !== FILE_CHANGE)) return known;
    if (!thread) return undefined;
    const connection = threads.server.connection();
    const items = await this.#runningItems(thread.id, turnIdOf(request), signal);
    const { itemId } = isRecord(request.params) ? request.params : {};
    // If the server doesn't answer, items that were announced since the gap are still known.
    const isUncut = connection?.isLost === false;
    if (isCurrent && isUncut && items.every(({ id }) => id !== itemId)) return known;
    return itemOf(request, items);
  }

  /** The items of a running turn; none if the server doesn't report them. If the connection is lost, asks on the next one. */
  async #runningItems(threadId: string, turnId: string, signal: AbortSignal) {
    const { server } = this.#options.threads;
    for (;;) {
      const connection = server.connection();
      try {
        if (connection) return await runningItems(connection, threadId, turnId);
      } catch {
        if (!connection?.isLost) return [];
      }
      await server.pause(RETRY_MS, signal);
    }
  }
}
