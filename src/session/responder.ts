import { CodexWarning, type Warn } from "../errors/warning.ts";
import type { DynamicToolCallParams, DynamicToolCallResponse } from "../protocol/index.ts";
import { METHOD_NOT_FOUND, RpcFailure } from "../rpc/inbound.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { answerApproval } from "./approvals.ts";
import type { Approvals, Handler, Handlers, RequestContext } from "./handlers.ts";

/** The tools that the client serves on one thread. */
export interface ThreadTools {
  /** Never rejects: what goes wrong becomes a failed result that the model can read. */
  call(
    params: DynamicToolCallParams,
    options: { readonly signal: AbortSignal; readonly warn: Warn },
  ): Promise<DynamicToolCallResponse>;
}

export interface ResponderOptions {
  readonly approvals: Approvals | undefined;
  readonly handlers: Handlers;
  readonly warn: Warn;
  /** The tools that were given for this thread, if any. */
  readonly tools: (threadId: string) => ThreadTools | undefined;
}

/** Decides what every server request is answered with: handlers first, then tools and approvals. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #told = new Set<string>();

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /** Rejects with what the server gets as an error. */
  async answer(request: ServerRequest, context: RequestContext): Promise<unknown> {
    const handler = this.#handler(request.method);
    if (handler) return this.#guarded(request, () => handler(request.params, context));
    if (request.method === "item/tool/call") return this.#callTool(request, context);
    if (request.method === "currentTime/read") {
      return { currentTimeAt: Math.floor(Date.now() / 1000) };
    }
    const approval = answerApproval(this.#options.approvals, request, context);
    if (approval) return this.#approve(request, approval);
    const fallback = this.#options.handlers["*"];
    if (fallback) return this.#guarded(request, () => fallback(request.params, context));
    return this.#refuse(request.method);
  }

  #handler(method: string): Handler<unknown, unknown> | undefined {
    if (!Object.hasOwn(this.#options.handlers, method)) return undefined;
    return this.#options.handlers[method as keyof Handlers] as
      | Handler<unknown, unknown>
      | undefined;
  }

  #callTool(request: ServerRequest, { signal }: RequestContext): Promise<unknown> | unknown {
    const params = request.params as DynamicToolCallParams;
    const tools = this.#options.tools(params.threadId);
    if (tools) return tools.call(params, { signal, warn: this.#options.warn });
    const text = `This client has no tool named ${JSON.stringify(params.tool)}.`;
    return { success: false, contentItems: [{ type: "inputText", text }] };
  }

  async #approve(
    request: ServerRequest,
    approval: NonNullable<ReturnType<typeof answerApproval>>,
  ): Promise<unknown> {
    const { result, declinedByDefault } = await this.#guarded(request, () => approval);
    if (declinedByDefault) {
      this.#tellOnce(
        "APPROVAL_DECLINED",
        `The server asked for an approval (${request.method}), which was declined: without the option ` +
          '"approvals" all are. Set approvals: "accept" | "decline" | { command, fileChange, permissions }.',
      );
    }
    return result;
  }

  #refuse(method: string): never {
    this.#tellOnce(
      "UNHANDLED_REQUEST",
      `The server asked ${method}, for which there is no handler: it got an error. ` +
        `Give the option handlers: { ${JSON.stringify(method)}: (params, context) => … }.`,
      method,
    );
    throw new RpcFailure(METHOD_NOT_FOUND, `The client has no handler for ${method}`);
  }

  async #guarded<T>(request: ServerRequest, run: () => T | Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (cause) {
      if (!(cause instanceof RpcFailure)) {
        const message = `The handler of ${request.method} threw, and the server got an error: ${String(cause)}`;
        this.#options.warn(new CodexWarning("HANDLER_FAILED", message, { cause }));
      }
      throw cause;
    }
  }

  #tellOnce(code: "APPROVAL_DECLINED" | "UNHANDLED_REQUEST", message: string, about = ""): void {
    if (this.#told.has(code + about)) return;
    this.#told.add(code + about);
    this.#options.warn(new CodexWarning(code, message));
  }
}
