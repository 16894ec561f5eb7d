import { CodexWarning, type Warn } from "../errors/warning.ts";
import { WarningLimit } from "../errors/warning-limit.ts";
import type { DynamicToolCallParams } from "../protocol/index.ts";
import { isToolApproval } from "../requests/elicitation.ts";
import { METHOD_NOT_FOUND, RpcFailure } from "../rpc/inbound.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { quoteForeign } from "../text/secrets.ts";
import type { ThreadTools } from "../thread/thread-tools.ts";
import { isRecord, messageOf } from "../util/describe.ts";
import { APPROVAL_KINDS, answerApproval, approvalKind } from "./approvals.ts";
import { changedWarning } from "./changed-warning.ts";
import { copyMembers } from "./copy-members.ts";
import type { ApprovalKind, Approvals, Handler, Handlers, RequestContext } from "./handlers.ts";
import type { PendingRequests } from "./pending-requests.ts";

/** The request is left to the client that started the turn. */
const LEFT: unique symbol = Symbol("left");

/** The parts of the asking turn that the answer depends on. */
export interface AskingTurn {
  /** The tools of its thread. */
  readonly tools: ThreadTools | undefined;
  /** Whether another client of the server has probably started the turn. */
  readonly isOthers: boolean;
  /** Resolves if the turn proves to be this client's. */
  readonly becomesOurs?: Promise<void> | undefined;
  /** A path of the request that has changed since the request arrived: it leads elsewhere, or a file appeared there. */
  readonly changed?: (() => Promise<string | undefined>) | undefined;
}

/** How many methods without a handler are reported individually. */
const EACH_METHOD = 32;
/** How many reported methods are remembered; a server has about 20. */
const MAX_WARNED = 1_000;
/** How much of a method name is quoted: the server chooses it, and it can have any length. */
const MAX_METHOD_CHARS = 100;

const ELICITATION = "mcpServer/elicitation/request";
/** Requests that ask the user for more than a decision. */
const QUESTIONS: readonly string[] = [ELICITATION, "item/tool/requestUserInput"];
const DECLINED = { action: "decline", content: null, _meta: null };

export interface ResponderOptions {
  readonly approvals: Approvals | undefined;
  readonly handlers: Handlers;
  /** The requests that wait for the user's answer. */
  readonly pending: PendingRequests;
  readonly warn: Warn;
}

/**
 * Answers every server request. The `approvals` option decides approvals, regardless of handlers.
 * Without that option, a handler of the approval's own method decides; without either, the approval
 * is declined. All other requests go to handlers, then to tools; the remaining questions can become
 * pending requests.
 */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #approvals: Approvals | undefined;
  readonly #handlers: ReadonlyMap<string, Handler<unknown, unknown>>;
  readonly #warned = new Set<string>();
  readonly #unhandled = new WarningLimit(EACH_METHOD);

  /** Rules and handlers are copied: later changes have no effect. */
  constructor(options: ResponderOptions) {
    this.#options = options;
    const { approvals } = options;
    this.#approvals =
      typeof approvals === "object" ? Object.fromEntries(copyMembers(approvals)) : approvals;
    this.#handlers = copyMembers(options.handlers) as Map<string, Handler<unknown, unknown>>;
  }

  /** Whether approvals are decided one by one, including those of other clients' turns. */
  get hasRules(): boolean {
    return typeof this.#approvals === "object" || this.#approvals === "ask";
  }

  /**
   * Answers a request. Rejects with the error that the server receives. If another client should answer the request,
   * the promise stays pending until the server withdraws the request, or the request turns out to be this client's.
   */
  async answer(
    request: ServerRequest,
    context: RequestContext,
    turn: AskingTurn,
  ): Promise<unknown> {
    let answer = await this.#answer(request, context, turn);
    if (answer === LEFT) {
      await (turn.becomesOurs ?? new Promise<never>(() => {}));
      answer = await this.#answer(request, context, { ...turn, isOthers: false });
    }
    const changed = isAcceptance(answer) ? await turn.changed?.() : undefined;
    return changed === undefined ? answer : this.#declineChanged(request, context, changed);
  }

  /** Declines a request that the user has accepted, because the server would now do something else. */
  async #declineChanged(
    request: ServerRequest,
    context: RequestContext,
    path: string,
  ): Promise<unknown> {
    this.#options.warn(changedWarning(request.method, path));
    const kind = approvalKind(request, context) ?? "fileChange";
    const declined = await answerApproval("decline", kind, request, context);
    return declined === "ask" ? undefined : declined.result;
  }

  async #answer(
    request: ServerRequest,
    context: RequestContext,
    turn: AskingTurn,
  ): Promise<unknown> {
    const kind = approvalKind(request, context);
    const handler = this.#handler(request.method);
    const fallback = this.#handlers.get("*");
    if (kind !== undefined) {
      // A handler of elicitations answers questions; it must not decide which tools may run.
      const mayDecide = this.#approvals === undefined && request.method !== ELICITATION;
      if (handler && mayDecide)
        return this.#guarded(request, () => handler(request.params, context));
      // The client that started the turn decides, unless this client has a rule.
      if (turn.isOthers && !this.#hasRule(kind)) return LEFT;
      return this.#approve(kind, request, context, turn);
    }
    const isAsked = handler ?? fallback ?? this.#asksQuestions;
    if (isAsked && isUnseenApproval(request)) {
      return turn.isOthers ? LEFT : this.#declineUnseen();
    }
    if (handler) return this.#guarded(request, () => handler(request.params, context));
    if (request.method === "item/tool/call") return this.#callTool(request, context.signal, turn);
    if (request.method === "currentTime/read") {
      return { currentTimeAt: Math.floor(Date.now() / 1000) };
    }
    if (fallback) return this.#guarded(request, () => fallback(request.params, context));
    if (this.#asksQuestions && QUESTIONS.includes(request.method)) {
      return this.#options.pending.ask(request, context);
    }
    return turn.isOthers ? LEFT : this.#refuse(request.method);
  }

  #hasRule(kind: ApprovalKind): boolean {
    const approvals = this.#approvals;
    return approvals === "ask" || (typeof approvals === "object" && approvals[kind] !== undefined);
  }

  get #asksQuestions(): boolean {
    const approvals = this.#approvals;
    return approvals === "ask" || (typeof approvals === "object" && approvals.questions === "ask");
  }

  #handler(method: string): Handler<unknown, unknown> | undefined {
    return method === "*" ? undefined : this.#handlers.get(method);
  }

  #callTool(
    request: ServerRequest,
    signal: AbortSignal,
    { tools, isOthers }: AskingTurn,
  ): Promise<unknown> | unknown {
    const params = request.params as DynamicToolCallParams;
    if (tools) return tools.call(params, { signal, warn: this.#options.warn });
    if (isOthers) return LEFT;
    const text = `This client has no tool named ${JSON.stringify(params.tool)}.`;
    return { success: false, contentItems: [{ type: "inputText", text }] };
  }

  async #approve(
    kind: ApprovalKind,
    request: ServerRequest,
    context: RequestContext,
    { changed }: AskingTurn,
  ): Promise<unknown> {
    const answer = await this.#guarded(request, () =>
      answerApproval(this.#approvals, kind, request, context),
    );
    if (answer === "ask") return this.#options.pending.ask(request, context, changed);
    const { result, isDefault, fault } = answer;
    if (fault !== undefined) {
      this.#options.warn(new CodexWarning("INVALID_DECISION", fault));
    }
    if (isDefault) {
      this.#warnOnce(
        "APPROVAL_DECLINED",
        "",
        () =>
          `The server asked for an approval (${request.method}), which was declined because the ` +
          `approvals option has no rule for it. Set approvals: "accept" | "decline" | "ask" | { ${APPROVAL_KINDS.join(", ")} }.`,
      );
    }
    return result;
  }

  /**
   * Declines a tool approval that can't be confirmed. It may be forged, so no rule may accept it; it may be genuine,
   * so it isn't passed to a handler as a question.
   */
  #declineUnseen(): unknown {
    this.#warnOnce(
      "APPROVAL_DECLINED",
      "unseen",
      () =>
        `The server asked for approval of an MCP tool call (${ELICITATION}), which was declined: ` +
        "this client has not seen that call begin, so its rules don't apply. An MCP server may have forged the request.",
    );
    return DECLINED;
  }

  #refuse(method: string): never {
    const name = quoteForeign(method, MAX_METHOD_CHARS);
    this.#warnOnce("UNHANDLED_REQUEST", name, () => {
      const howMany = this.#unhandled.next("such methods");
      if (howMany === undefined) return undefined;
      return (
        `The server sent the request ${name}, which has no handler, so the client answered it with an error${howMany}. ` +
        `Set handlers: { "${name}": (params, context) => … }.`
      );
    });
    throw new RpcFailure(METHOD_NOT_FOUND, `The client has no handler for ${name}`);
  }

  async #guarded<T>(request: ServerRequest, run: () => T | Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (cause) {
      if (!(cause instanceof RpcFailure)) {
        const message = `The handler of ${quoteForeign(request.method, MAX_METHOD_CHARS)} threw, and the server received an error: ${messageOf(cause)}`;
        this.#options.warn(new CodexWarning("HANDLER_FAILED", message, { cause }));
      }
      throw cause;
    }
  }

  /** `message` returns undefined if no warning is due. */
  #warnOnce(
    code: "APPROVAL_DECLINED" | "UNHANDLED_REQUEST",
    about: string,
    message: () => string | undefined,
  ): void {
    if (this.#warned.has(code + about)) return;
    if (this.#warned.size < MAX_WARNED) this.#warned.add(code + about);
    const text = message();
    if (text !== undefined) this.#options.warn(new CodexWarning(code, text));
  }
}

/** Whether this answer accepts anything, in any of the protocol's forms. */
function isAcceptance(answer: unknown): boolean {
  if (!isRecord(answer)) return false;
  const { decision, permissions } = answer;
  if (isRecord(permissions)) return Object.keys(permissions).length > 0;
  const name = isRecord(decision) ? Object.keys(decision)[0] : decision;
  return /^(?:accept|approved|apply)/.test(String(name));
}

/** Whether this unconfirmed request may be a tool approval. */
function isUnseenApproval({ method, params }: ServerRequest): boolean {
  return method === ELICITATION && isToolApproval(params);
}
