import { type Route, routeOf } from "../bridge/routes.ts";
import type { Codex } from "../client/codex.ts";
import { usualThreadId } from "../util/thread-id.ts";
import { errorResponse, HttpError, notFound, report } from "./errors.ts";
import { Exchange, type HandlerParts } from "./exchange.ts";
import { Feeds } from "./feeds.ts";
import { jsonOf } from "./json-of.ts";
import { isLarge, largeBody } from "./large-body.ts";
import {
  checkHandlerOptions,
  DEFAULT_LIMITS,
  type HandlerOptions,
  type Limits,
} from "./options.ts";
import { OriginPolicy, PREFLIGHT_HEADERS } from "./origin.ts";
import { BusyLimit, RateLimit } from "./rate-limit.ts";
import { RequestThreads } from "./request-threads.ts";
import { respond } from "./respond.ts";
import { SealedCursors } from "./sealed-cursors.ts";
import { Streams } from "./streams.ts";
import { TurnInput } from "./turn-input.ts";

const DEFAULT_LINGER_MS = 60_000;

/** Answers requests from web pages. Never rejects. */
export interface Handler extends Disposable {
  (request: Request): Promise<Response>;
  /** The `origins` option. */
  readonly origins: readonly string[];
  /** Ends all event streams, and refuses further requests. The client stays open. */
  close(): void;
}

/**
 * Creates a handler that lets web pages use this client's threads, on any server that supports the
 * Fetch API. Pages can start, list and read threads, start, steer and interrupt turns, receive events,
 * and answer requests, as far as `authorize` allows.
 * @throws TypeError for an unknown option or a value of the wrong type, or if `authorize` is missing.
 *
 * @example
 * const { TOKEN } = process.env;
 * if (!TOKEN) throw new Error("Set TOKEN");
 * const codex = new Codex({ approvals: "ask" });
 * const handler = createHandler(codex, {
 *   authorize: (request) => request.headers.get("authorization") === `Bearer ${TOKEN}`,
 * });
 * export const GET = handler;
 * export const POST = handler;
 */
export function createHandler(codex: Codex, options: HandlerOptions): Handler {
  checkHandlerOptions(options);
  const limits: Limits = { ...DEFAULT_LIMITS, ...withoutUndefined(options.limits ?? {}) };
  const parts: HandlerParts = {
    codex,
    options,
    limits,
    feeds: new Feeds(codex, {
      logBytes: limits.logBytes,
      lingerMs: options.lingerMs ?? DEFAULT_LINGER_MS,
      lastingAnswers: options.lastingAnswers ?? false,
    }),
    streams: new Streams(limits),
    rate: new RateLimit(limits.requestsPerMinute),
    busy: new BusyLimit(limits.requestsAtOnce),
    requestThreads: new RequestThreads(codex),
    cursors: new SealedCursors(),
    turnInput: new TurnInput(limits.bodyBytes),
  };
  const { origins = [] } = options;
  const policy = new OriginPolicy(origins);
  let isClosed = false;
  const close = () => {
    isClosed = true;
    parts.streams.close();
    parts.feeds.close();
    parts.requestThreads[Symbol.dispose]();
  };
  codex.closed.then(close);
  const handle = async (request: Request): Promise<Response> => {
    let headers: Readonly<Record<string, string>> = {};
    try {
      headers = policy.headers(request);
      policy.check(request);
      if (isClosed) throw new HttpError(503, "CLOSED", "The handler was closed");
      const { pathname } = new URL(request.url);
      const route = withUsualId(routeOf(pathname, options.basePath?.replace(/\/$/, "")));
      if (!route) throw notFound();
      if (request.method === "OPTIONS") {
        return new Response(null, { status: 204, headers: { ...headers, ...PREFLIGHT_HEADERS } });
      }
      const exchange = new Exchange(parts, request);
      const answer = await respond(exchange, route, headers);
      if (answer instanceof Response) return answer;
      const type = { "content-type": "application/json" };
      const text = jsonOf(answer);
      const body = isLarge(text) ? largeBody(text, parts.busy.enter(exchange.client)) : text;
      return new Response(body, { headers: { ...headers, ...PRIVATE, ...type } });
    } catch (error) {
      return failed(error, request, headers, options);
    }
  };
  return Object.assign(handle, { origins, close, [Symbol.dispose]: close });
}

/**
 * The route with the usual form of its thread's id, so that `authorize`, and everything that is
 * kept for a thread, gets one id for each thread.
 */
function withUsualId(route: Route | undefined): Route | undefined {
  if (!route || !("threadId" in route)) return route;
  return { ...route, threadId: usualThreadId(route.threadId) };
}

function failed(
  error: unknown,
  request: Request,
  headers: Readonly<Record<string, string>>,
  { onError }: HandlerOptions,
): Response {
  const { status, body, headers: more, isHidden } = errorResponse(error);
  if (isHidden) report(error, request, onError);
  return Response.json(body, { status, headers: { ...headers, ...more, ...PRIVATE } });
}

/** Keeps responses out of caches, and browsers from rendering them as pages. */
const PRIVATE = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

function withoutUndefined<T extends object>(options: T) {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
