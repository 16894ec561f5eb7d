import type { StartedThread, ThreadPage, TurnPage } from "../bridge/messages.ts";
import type { Route } from "../bridge/routes.ts";
import { UnknownRequestError } from "../errors/request-errors.ts";
import { badRequest, HttpError, notFound } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { olderTurns } from "./older-turns.ts";
import { pageAnswer } from "./page-requests.ts";
import { interruptTurn, startTurn, steerTurn } from "./start-turn.ts";
import { streamRequests, streamThread } from "./streaming.ts";
import { listThreads } from "./summaries.ts";
import { threadIdsOf } from "./thread-feed.ts";
import { visibleRequests } from "./visible-requests.ts";

type Headers = Readonly<Record<string, string>>;
type Answer = () => Promise<object>;

const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

/** The handler's response to a request for one of its routes: JSON, or a complete `Response`. */
export function respond(exchange: Exchange, route: Route, headers: Headers): Promise<object> {
  switch (route.kind) {
    case "threads":
      return byMethod(exchange, {
        GET: () => list(exchange),
        POST: () => startThread(exchange),
      });
    case "thread":
      return byMethod(exchange, { GET: () => readThread(exchange, route.threadId) });
    case "threadEvents":
      return byMethod(exchange, {
        GET: async () => {
          await exchange.admit("thread.read", route.threadId);
          return streamThread(exchange, route.threadId, headers);
        },
      });
    case "turns":
      return byMethod(exchange, {
        GET: () => readTurns(exchange, route.threadId),
        POST: async () => {
          await exchange.admit("turn.start", route.threadId);
          return startTurn(exchange, route.threadId);
        },
      });
    case "steer":
      return byMethod(exchange, {
        POST: async () => {
          await exchange.admit("turn.steer", route.threadId);
          return steerTurn(exchange, route.threadId);
        },
      });
    case "interrupt":
      return byMethod(exchange, {
        POST: async () => {
          await exchange.admit("turn.interrupt", route.threadId);
          return interruptTurn(exchange, route.threadId);
        },
      });
    case "requests":
      return byMethod(exchange, {
        GET: async () => {
          await exchange.admit("request.list");
          return visibleRequests(exchange.parts, (id) => exchange.maySeeRequests(id));
        },
      });
    case "request":
      return byMethod(exchange, { POST: () => answerRequest(exchange, route.requestId) });
    case "events":
      return byMethod(exchange, {
        GET: async () => {
          await exchange.admit("request.list");
          return streamRequests(exchange, headers);
        },
      });
  }
}

function byMethod(
  { request, client, parts }: Exchange,
  answers: { readonly GET?: Answer; readonly POST?: Answer },
): Promise<object> {
  const { method } = request;
  const answer = method === "GET" || method === "POST" ? answers[method] : undefined;
  // A body can be large, and a turn can wait for a long time.
  if (answer) return method === "POST" ? parts.busy.run(client, answer) : answer();
  const allow = Object.keys(answers).join(", ");
  throw new HttpError(405, "METHOD_NOT_ALLOWED", `This path allows only ${allow}`, { allow });
}

async function list(exchange: Exchange): Promise<ThreadPage> {
  await exchange.admit("thread.list");
  const { searchParams } = exchange.url;
  const query = {
    search: searchParams.get("search") ?? undefined,
    cursor: searchParams.get("cursor") ?? undefined,
    limit: limitOf(searchParams),
    archived: searchParams.get("archived") === "true",
    signal: exchange.request.signal,
  };
  const { codex, cursors } = exchange.parts;
  return listThreads(codex, query, cursors, (id) => exchange.may("thread.read", id));
}

async function startThread(exchange: Exchange): Promise<StartedThread> {
  await exchange.admit("thread.start");
  const { options } = await exchange.body();
  const { options: given, feeds } = exchange.parts;
  const thread = await feeds.threads.start(() => exchange.threadOptions(options));
  await given.onThreadStart?.(exchange.request, thread.id);
  return { threadId: thread.id };
}

async function readThread(exchange: Exchange, threadId: string): Promise<object> {
  await exchange.admit("thread.read", threadId);
  const { feed, release } = await exchange.feed(threadId);
  try {
    return feed.log.state;
  } finally {
    release();
  }
}

/** Older turns of the thread or of one of its sub-agents. */
async function readTurns(exchange: Exchange, threadId: string): Promise<TurnPage> {
  await exchange.admit("thread.read", threadId);
  const { searchParams } = exchange.url;
  const agent = searchParams.get("agent") ?? threadId;
  if (agent !== threadId) {
    const { feed, release } = await exchange.feed(threadId);
    release();
    if (!threadIdsOf(feed.log.state.view).includes(agent)) throw notFound();
  }
  return olderTurns(exchange.parts.codex, {
    threadId: agent,
    cursor: searchParams.get("cursor") ?? undefined,
    limit: limitOf(searchParams),
    signal: exchange.request.signal,
  });
}

/** Answers a pending request. Another user's request gets the same response as one that doesn't exist. */
async function answerRequest(exchange: Exchange, requestId: string): Promise<object> {
  const { codex, requestThreads, options } = exchange.parts;
  const known = requestThreads.ofId(requestId);
  if (!known || !(await exchange.mayAnswer(known.threadId))) {
    // A user who may not even list requests is refused, without learning whether the request exists.
    await exchange.admit("request.list");
    throw new UnknownRequestError(requestId);
  }
  exchange.count();
  const { optionId, content } = await exchange.body();
  if (typeof optionId !== "string") throw badRequest("optionId must be a string");
  const request = codex.requests.get(requestId);
  // If it is no longer pending, the error says why.
  if (!request) await codex.requests.answer(requestId, optionId, content);
  else await pageAnswer(request, { optionId, content }, options.lastingAnswers);
  return {};
}

function limitOf(params: URLSearchParams): number {
  const text = params.get("limit");
  if (text === null) return DEFAULT_PAGE;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE) return limit;
  throw badRequest(`limit must be a whole number from 1 to ${MAX_PAGE}`);
}
