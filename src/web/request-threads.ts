import { type Codex, threadsOf } from "../client/codex.ts";

/** How many settled requests are remembered, so that a late answer gets the right error. */
const MAX_SETTLED = 1_000;

/** Finds the thread whose user must answer a request: for a sub-agent's, the thread that it works for. */
export class RequestThreads implements Disposable {
  readonly #codex: Codex;
  readonly #settled = new Map<string, string | undefined>();
  readonly #listening: Disposable;

  constructor(codex: Codex) {
    this.#codex = codex;
    this.#listening = codex.requests.on("settled", (request) => {
      this.#settled.set(request.id, this.of(request));
      for (const oldest of this.#settled.keys()) {
        if (this.#settled.size <= MAX_SETTLED) break;
        this.#settled.delete(oldest);
      }
    });
  }

  /** The thread whose user must answer the request; undefined for a request that names no thread. */
  of({ threadId }: { readonly threadId?: string | undefined }): string | undefined {
    return threadId === undefined ? undefined : threadsOf(this.#codex).rootOf(threadId);
  }

  /**
   * The same for a request's id, even if the request was settled recently; undefined for an unknown
   * id.
   */
  ofId(requestId: string): { readonly threadId: string | undefined } | undefined {
    const request = this.#codex.requests.get(requestId);
    if (request) return { threadId: this.of(request) };
    return this.#settled.has(requestId) ? { threadId: this.#settled.get(requestId) } : undefined;
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }
}
