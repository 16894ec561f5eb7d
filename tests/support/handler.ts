import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClientTimeline, CodexClient } from "../../src/browser/index.ts";
import { CodexClient as Client } from "../../src/browser/index.ts";
import type { ThreadView } from "../../src/timeline/index.ts";
import { type Handler, toNodeHandler } from "../../src/web/index.ts";

export const ORIGIN = "http://app.test";

/** A client that calls the handler directly, without a network. */
export function clientOf(
  handler: Handler,
  headers: Readonly<Record<string, string>> = {},
): CodexClient {
  return new Client({
    url: `${ORIGIN}/api/codex`,
    headers,
    fetch: (url, init) => handler(new Request(url, init)),
  });
}

/** Resolves with the snapshot as soon as it matches. */
export function showsInClient(
  timeline: ClientTimeline,
  fits: (view: ThreadView, timeline: ClientTimeline) => boolean,
): Promise<ThreadView> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const view = timeline.snapshot;
      if (timeline.status === "closed") reject(timeline.error ?? new Error("it was closed"));
      else if (!view || !fits(view, timeline)) return;
      else resolve(view);
      stop();
    };
    const stop = timeline.subscribe(look);
    look();
  });
}

export interface Asked {
  /** Default: GET, or POST with a body. */
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the handler answers to a request of this method, with a JSON body. */
export async function ask(
  handler: Handler,
  path: string,
  { method, body, headers }: Asked = {},
): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Headers }> {
  const init: RequestInit = {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
  const response = await handler(new Request(`${ORIGIN}/api/codex${path}`, init));
  const text = await response.text();
  return {
    status: response.status,
    body: text === "" ? undefined : JSON.parse(text),
    headers: response.headers,
  };
}

/** The handler behind `node:http`, on a free port of this machine. */
export interface Served extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
}

export async function serveHandler(handler: Handler): Promise<Served> {
  const server = createServer(toNodeHandler(handler));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
