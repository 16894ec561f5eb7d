import type { EventLog } from "./event-log.ts";
import type { Exchange } from "./exchange.ts";
import type { EventSourceLog } from "./open-stream.ts";
import { RequestsFeed } from "./visible-requests.ts";

const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // Keeps proxies from holding back events to buffer or compress them.
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
} as const;

type Headers = Readonly<Record<string, string>>;

/** The events of a thread. */
export async function streamThread(
  exchange: Exchange,
  threadId: string,
  headers: Headers,
): Promise<Response> {
  exchange.parts.streams.admit(exchange.client);
  const { feed, release } = await exchange.feed(threadId);
  const mayContinue = () => exchange.may("thread.read", threadId);
  return stream(exchange, feed.log, headers, { mayContinue, onEnd: release });
}

/** The pending requests of all threads that the HTTP request may see. */
export async function streamRequests(exchange: Exchange, headers: Headers): Promise<Response> {
  const { parts, client } = exchange;
  parts.streams.admit(client);
  const feed = await RequestsFeed.open(parts, (threadId) => exchange.maySeeRequests(threadId));
  const mayContinue = () => {
    feed.recheck();
    return exchange.may("request.list");
  };
  return stream(exchange, feed.log, headers, { mayContinue, onEnd: () => feed.close() });
}

interface Reading {
  readonly mayContinue: () => Promise<boolean>;
  readonly onEnd: () => void;
}

function stream<State extends object>(
  { parts, client, request }: Exchange,
  log: EventLog<State> & EventSourceLog,
  headers: Headers,
  reading: Reading,
): Response {
  try {
    const after = log.numberOf(request.headers.get("last-event-id"));
    const { signal } = request;
    const body = parts.streams.open({ client, signal, log, after, ...reading });
    return new Response(body, { headers: { ...headers, ...STREAM_HEADERS } });
  } catch (error) {
    reading.onEnd();
    throw error;
  }
}
