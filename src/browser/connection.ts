import { hasPath, pathOf, type Route } from "../bridge/routes.ts";
import { errorOf, HandlerError } from "./handler-error.ts";

export interface CodexClientOptions {
  /** Where the handler is mounted, such as "/api/codex"; relative to the page. */
  readonly url: string;
  /** Headers of each request, such as `authorization`. A function is called for each request. */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>) | undefined;
  /** Whether cookies are sent to a handler on another origin. Default "same-origin": they aren't. */
  readonly credentials?: "include" | "omit" | "same-origin" | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

export type RequestHeaders = Readonly<Record<string, string>>;

export interface CallOptions {
  /** Cancels the request; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests to a handler. */
export class Connection {
  readonly #base: string;
  readonly #options: CodexClientOptions;

  constructor(options: CodexClientOptions) {
    if (typeof options?.url !== "string") {
      throw new TypeError('CodexClient option url must be a string such as "/api/codex"');
    }
    this.#base = options.url.replace(/\/+$/, "");
    this.#options = options;
  }

  async get<Result>(
    route: Route,
    query: Readonly<Record<string, string | number | boolean | null | undefined>> = {},
    { signal }: CallOptions = {},
  ): Promise<Result> {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value != null) params.set(name, String(value));
    }
    const text = params.toString();
    const search = text === "" ? "" : `?${text}`;
    const response = await this.send(route, { search, signal });
    return (await response.json()) as Result;
  }

  async post<Result>(route: Route, body: object, { signal }: CallOptions = {}): Promise<Result> {
    const response = await this.send(route, { body: JSON.stringify(body), signal });
    return (await response.json()) as Result;
  }

  /**
   * @throws HandlerError if the id can't be part of a path, the response isn't ok, or there is no
   * response.
   */
  async send(
    route: Route,
    request: {
      readonly search?: string;
      readonly body?: string;
      readonly headers?: RequestHeaders;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<Response> {
    const { search = "", body, signal } = request;
    if (!hasPath(route)) {
      throw new HandlerError(404, "NOT_FOUND", "This isn't a valid thread or request id");
    }
    const { headers, credentials = "same-origin", fetch = globalThis.fetch } = this.#options;
    const given = typeof headers === "function" ? await headers() : headers;
    const init: RequestInit = {
      method: body === undefined ? "GET" : "POST",
      credentials,
      headers: {
        ...given,
        ...request.headers,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    };
    let response: Response;
    try {
      response = await fetch(`${this.#base}${pathOf(route)}${search}`, init);
    } catch (error) {
      signal?.throwIfAborted();
      throw new HandlerError(0, "NO_RESPONSE", `No response: ${String(error)}`);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}
