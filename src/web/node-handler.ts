import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Handler } from "./create-handler.ts";

/**
 * A request listener for `node:http`, which is also a handler for Express: `app.use("/api/codex", nodeHandler)`.
 * In Fastify, call `reply.hijack()` first, then pass `request.raw`, `reply.raw` and `request.body`.
 */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  /** The body, if another handler has parsed it. Default: `request.body`. Functions are ignored. */
  body?: unknown,
) => void;

/**
 * Adapts a handler to `node:http`, Express and Fastify.
 *
 * @example
 * import { createServer } from "node:http";
 *
 * const handler = createHandler(codex, { authorize: ({ headers }) => headers.has("x-user") });
 * createServer(toNodeHandler(handler)).listen(3000, "127.0.0.1");
 */
export function toNodeHandler(handler: Handler): NodeHandler {
  return (incoming, outgoing, body) => {
    respond(handler, incoming, outgoing, body).catch(() => outgoing.destroy());
  };
}

/** How long a client can continue to send a body that isn't read. */
const SKIP_MS = 1_000;

async function respond(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: unknown,
): Promise<void> {
  if (isRebound(handler, incoming)) {
    closeAfter(incoming, outgoing);
    outgoing.writeHead(403, { "content-type": "application/json" });
    outgoing.end(JSON.stringify({ error: { code: "FOREIGN_HOST", message: FOREIGN_HOST } }));
    return;
  }
  const leaving = new AbortController();
  outgoing.once("close", () => leaving.abort());
  const parsed = typeof body === "function" || body === undefined ? parsedBody(incoming) : body;
  const request = requestOf(incoming, parsed, leaving.signal);
  const answer = request ? await handler(request) : new Response(null, { status: 400 });
  if (!incoming.complete) {
    closeAfter(incoming, outgoing);
    outgoing.once("finish", () => skipRest(incoming));
  }
  await send(answer, outgoing);
}

/** Closes the connection after the response, except an HTTP/2 one, which other requests share. */
function closeAfter({ httpVersionMajor }: IncomingMessage, outgoing: ServerResponse): void {
  if (httpVersionMajor < 2) outgoing.setHeader("connection", "close");
}

const FOREIGN_HOST =
  "The server is reachable from this machine only, but the request names another host. If that is the name of " +
  "a proxy, list the proxy's origin in the handler's origins option";

/**
 * Whether the request reached a loopback address under another host name. A site can make its name
 * resolve to this machine, so that its pages count as the server's own (DNS rebinding).
 */
function isRebound({ origins }: Handler, { socket, headers }: IncomingMessage): boolean {
  if (!/^(?:127\.|::1$|::ffff:127\.)/.test(socket.localAddress ?? "")) return false;
  const host = hostIn(headers) ?? "";
  if (/^(?:(?:[\w-]+\.)*localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i.test(host)) return false;
  return !origins.some((origin) => new URL(origin).host === host.toLowerCase());
}

/** The host that the request names, as HTTP/2 or HTTP/1 does. Empty if it names two. */
function hostIn({ host, ":authority": authority }: IncomingHttpHeaders): string | undefined {
  const isContradiction = host !== undefined && authority !== undefined && host !== authority;
  return isContradiction ? "" : ((authority as string | undefined) ?? host);
}

/** The result of a body parser of Express. */
function parsedBody(incoming: IncomingMessage): unknown {
  return (incoming as { readonly body?: unknown }).body;
}

/** The request for the handler; undefined if the host or the path is malformed. */
function requestOf(
  incoming: IncomingMessage,
  parsed: unknown,
  signal: AbortSignal,
): Request | undefined {
  const { method = "GET", headers } = incoming;
  const isEncrypted = "encrypted" in incoming.socket;
  // Express removes the path that a handler is mounted at from `url`.
  const path = (incoming as { readonly originalUrl?: string }).originalUrl ?? incoming.url ?? "/";
  const host = hostIn(headers) ?? "localhost";
  // With these characters, or without a host, part of the host would be read as the path, or vice versa.
  if (host === "" || /[/\\?#@]/.test(host) || !path.startsWith("/")) return undefined;
  const url = `${isEncrypted ? "https" : "http"}://${host}${path}`;
  // A router in front of this has checked the path as it was sent, with dots and backslashes.
  if (!URL.canParse(url) || new URL(url).pathname !== path.split("?", 1)[0]) return undefined;
  const copied = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(":") || value === undefined) continue;
    copied.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? bodyOf(incoming, parsed) : undefined;
  if (typeof body === "string") copied.delete("content-length");
  return new Request(url, {
    method,
    headers: copied,
    signal,
    ...(body !== undefined && { body, duplex: "half" }),
  } as RequestInit);
}

function bodyOf(incoming: IncomingMessage, parsed: unknown): string | ReadableStream {
  if (parsed !== undefined && incoming.readableDidRead) {
    return typeof parsed === "string" ? parsed : JSON.stringify(parsed);
  }
  return chunksOf(incoming);
}

/** The body as a stream, which is read only as fast as its consumer reads. */
function chunksOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let isOver = false;
  return new ReadableStream(
    {
      start(controller) {
        const end = (finish: () => void) => {
          if (!isOver) finish();
          isOver = true;
        };
        incoming.on("data", (chunk: Uint8Array) => {
          if (isOver) return;
          controller.enqueue(chunk);
          incoming.pause();
        });
        incoming.on("end", () => end(() => controller.close()));
        incoming.on("close", () =>
          end(() => controller.error(new Error("The request was cut off"))),
        );
        incoming.on("error", () => {});
        incoming.pause();
      },
      pull: () => void incoming.resume(),
      cancel() {
        isOver = true;
        incoming.pause();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Skips the unread rest of a body for a moment, so that the client can read the response. */
function skipRest(incoming: IncomingMessage): void {
  incoming.resume();
  const timer = setTimeout(() => incoming.destroy(), SKIP_MS);
  timer.unref();
  incoming.once("close", () => clearTimeout(timer));
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  if (!reader) {
    outgoing.end();
    return;
  }
  const cancel = () => void reader.cancel().catch(() => {});
  outgoing.once("close", cancel);
  // The response can also fail while the loop waits for the connection to drain.
  reader.closed.catch(() => outgoing.destroy());
  for (;;) {
    const { value, done } = await reader.read();
    if (done || outgoing.destroyed) break;
    if (!outgoing.write(value)) await drained(outgoing);
  }
  outgoing.end();
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done);
      outgoing.off("close", done);
      resolve();
    };
    outgoing.once("drain", done);
    outgoing.once("close", done);
  });
}
