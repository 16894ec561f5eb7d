import type { ThreadStartOptions } from "../client/thread-options.ts";
import type { TurnOptions } from "../client/turn-params.ts";
import {
  boolean,
  func,
  milliseconds,
  requireOptions,
  shape,
  string,
  strings,
  wholeFrom,
} from "../util/checks.ts";

/** What a request asks the handler to do. */
export type HandlerActionKind =
  /** To list or search threads. `authorize` is also called with "thread.read" for each thread in the list. */
  | "thread.list"
  | "thread.start"
  /** To read a thread: its turns, events and requests. */
  | "thread.read"
  | "turn.start"
  | "turn.steer"
  | "turn.interrupt"
  /** To read the requests of all threads. `authorize` is also called with "thread.read" for each of the threads. */
  | "request.list"
  | "request.answer";

export interface HandlerAction {
  readonly kind: HandlerActionKind;
  /**
   * Undefined for actions that don't concern a single thread: "thread.list", "thread.start", "request.list",
   * and "request.answer" for a request that belongs to no thread.
   */
  readonly threadId: string | undefined;
}

/** Settings of a thread, without `signal` and `timeoutMs`. */
export type HandlerThreadOptions = Omit<ThreadStartOptions, "signal" | "timeoutMs">;

/** Settings of a turn, without `signal`, `timeoutMs` and `outputSchema`. */
export type HandlerTurnOptions = Omit<TurnOptions, "signal" | "timeoutMs" | "outputSchema">;

export interface HandlerLimits {
  /**
   * Maximum size of a request's body, and of all messages that pages send to one turn, in bytes. The
   * text of a message can be up to 2 MiB. Default 4 MiB.
   */
  readonly bodyBytes?: number | undefined;
  /** Time limit for receiving a request's body, in milliseconds. Default 30,000. */
  readonly bodyMs?: number | undefined;
  /** Maximum number of requests per client per minute. Default 600. */
  readonly requestsPerMinute?: number | undefined;
  /**
   * Maximum number of requests that a client can have in progress. Two kinds count: requests with a body,
   * including those that wait for a turn to end, and large responses that the client hasn't read. Default 50.
   */
  readonly requestsAtOnce?: number | undefined;
  /** Maximum number of open event streams per client. Default 50. */
  readonly streamsPerClient?: number | undefined;
  /** Maximum number of open event streams in total. Default 1,000. */
  readonly streams?: number | undefined;
  /**
   * How many bytes of events are kept for each thread, for clients that reconnect. A client
   * that missed more receives the whole state again. Default 1 MiB.
   */
  readonly logBytes?: number | undefined;
}

export interface HandlerOptions {
  /**
   * Decides whether a request may perform an action; only `true` allows it. Called for each request,
   * for each thread in a list, and every 30 seconds for each open event stream. If it throws, the
   * request is refused.
   */
  readonly authorize: (request: Request, action: HandlerAction) => boolean | Promise<boolean>;
  /**
   * Settings of the threads that the handler starts, and of threads that it loads after a restart.
   * A function receives the page's `options` when a thread is started, or the thread's id when one is
   * loaded. A thread is loaded for the first request that needs it, from any user who may read it. So a function
   * that gives users different settings must use those of the thread's owner. If this isn't a function,
   * the page's `options` are ignored.
   */
  readonly threadOptions?:
    | HandlerThreadOptions
    | ((
        request: Request,
        asked: unknown,
        threadId: string | undefined,
      ) => HandlerThreadOptions | Promise<HandlerThreadOptions>)
    | undefined;
  /** Settings of the turns that the handler starts. A function receives the `options` that the page sent. */
  readonly turnOptions?:
    | HandlerTurnOptions
    | ((request: Request, asked: unknown) => HandlerTurnOptions | Promise<HandlerTurnOptions>)
    | undefined;
  /**
   * Called with each thread that the handler has started, before the page receives its id. Store the
   * thread's owner here. If it throws, the request fails.
   */
  readonly onThreadStart?:
    | ((request: Request, threadId: string) => void | Promise<void>)
    | undefined;
  /**
   * Whether pages can see and answer requests that belong to no thread, such as a question that an
   * MCP server asks while it starts. They concern everyone who uses the client, so `authorize`
   * should allow "request.answer" without a thread only to the operator, who is then the only one
   * to see these requests. Default false.
   */
  readonly requestsWithoutThread?: boolean | undefined;
  /**
   * Whether pages can choose answers that the server stores as rules for all its threads, such as
   * always allowing commands that start in a certain way. Set it only if all users trust each other.
   * Default false.
   */
  readonly lastingAnswers?: boolean | undefined;
  /**
   * The path where the handler is mounted, such as "/api/codex". Default: any path; the handler looks
   * only at the end of a request's path.
   */
  readonly basePath?: string | undefined;
  /**
   * Origins whose pages may use the handler besides its own, such as "https://app.example.com". A
   * handler behind a proxy that changes the host needs its public origin here.
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * Names the client whose limits a request counts against, such as the user's id. Default: the
   * `Authorization` header and the cookies.
   */
  readonly clientOf?: ((request: Request) => string) | undefined;
  readonly limits?: HandlerLimits | undefined;
  /**
   * How long a thread's events are recorded after the last client has left, in milliseconds. A client
   * that reconnects in this time receives what it missed. Afterwards, idle threads that the handler has
   * loaded are unloaded. Default 60,000.
   */
  readonly lingerMs?: number | undefined;
  /** Called with errors whose message isn't sent to the page. Default: they are ignored. */
  readonly onError?: ((error: unknown, request: Request) => void) | undefined;
}

/** The limits with their defaults. */
export type Limits = { readonly [Name in keyof HandlerLimits]-?: number };

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 4 * 2 ** 20,
  bodyMs: 30_000,
  requestsPerMinute: 600,
  requestsAtOnce: 50,
  streamsPerClient: 50,
  streams: 1_000,
  logBytes: 2 ** 20,
};

/** @throws TypeError for an unknown option, or a value of the wrong type. */
export function checkHandlerOptions(options: unknown): void {
  requireOptions("createHandler", options, {
    authorize: func,
    threadOptions: objectOrFunction,
    turnOptions: objectOrFunction,
    onThreadStart: func,
    requestsWithoutThread: boolean,
    lastingAnswers: boolean,
    basePath: string,
    origins: strings,
    clientOf: func,
    limits: shape({
      bodyBytes: wholeFrom(1),
      bodyMs: milliseconds,
      requestsPerMinute: wholeFrom(1),
      requestsAtOnce: wholeFrom(1),
      streamsPerClient: wholeFrom(1),
      streams: wholeFrom(1),
      logBytes: wholeFrom(1),
    }),
    lingerMs: milliseconds,
    onError: func,
  });
  const { authorize, origins = [] } = options as HandlerOptions;
  if (authorize === undefined) {
    throw new TypeError(
      "createHandler option authorize is required: it decides what each request may see and do",
    );
  }
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new TypeError(
      `createHandler option origins must list origins such as "https://app.example.com", not ${JSON.stringify(origin)}`,
    );
  }
}

function objectOrFunction(value: unknown): string | undefined {
  if (typeof value === "function") return undefined;
  return typeof value === "object" && value !== null
    ? undefined
    : ` must be an object or a function, not ${value === null ? "null" : typeof value}`;
}
