import type { Duplex } from "node:stream";
import type { Endpoint, EndpointRecipe } from "./transport.ts";
import { openWebSocket } from "./websocket-dial.ts";

export interface WebSocketOptions {
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
  /** Gives the token in place of `token`, for those that expire. Asked at every connect, reconnects included. */
  readonly tokenProvider?: (() => string | Promise<string>) | undefined;
  /** Further headers of the handshake. The server refuses any connection that names an `Origin`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sends the token to a host that is not this machine without encryption too. Default false. */
  readonly allowInsecureToken?: boolean | undefined;
}

/**
 * An app-server that listens on `ws://` or `wss://`. It outlives the connection, which is made
 * again when it breaks.
 * @throws TypeError for another kind of URL, two sources of the token, or one that would cross a network in clear text.
 */
export function websocket(url: string | URL, options: WebSocketOptions = {}): Endpoint {
  const target = checkedUrl(url);
  const { token, tokenProvider, allowInsecureToken } = options;
  if (token !== undefined && tokenProvider !== undefined) {
    throw new TypeError("websocket: give token or tokenProvider, not both");
  }
  if ((token ?? tokenProvider) !== undefined && !allowInsecureToken) refuseClearText(target);
  if (Object.keys(options.headers ?? {}).some((name) => name.toLowerCase() === "origin")) {
    throw new TypeError("websocket: the app-server refuses connections that name an Origin header");
  }
  return webSocketEndpoint(target.href, {
    url: target.href,
    headers: () => handshakeHeaders(options),
    recipe: { maker: "websocket", args: [target.href, options] },
  });
}

/** How a WebSocket to the server is opened: where to, with what, and over which stream. */
export interface WebSocketRoute {
  readonly url: string;
  readonly headers?: (() => Promise<Record<string, string>>) | undefined;
  /** The stream that carries it; default a socket to the URL's host. */
  readonly stream?: (() => Promise<Duplex>) | undefined;
  readonly recipe: EndpointRecipe;
}

/** `name` says in errors which server this is. */
export function webSocketEndpoint(name: string, route: WebSocketRoute): Endpoint {
  return {
    name,
    outlivesTransport: true,
    recipe: route.recipe,
    async connect(signal) {
      signal.throwIfAborted();
      const headers = (await route.headers?.()) ?? {};
      const stream = await route.stream?.();
      return openWebSocket(name, { url: route.url, headers, stream, signal });
    },
  };
}

function checkedUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed?.protocol === "ws:" || parsed?.protocol === "wss:") return parsed;
  throw new TypeError(`websocket: the URL must begin with ws:// or wss://, not ${String(url)}`);
}

function refuseClearText(url: URL): void {
  if (url.protocol === "wss:" || isLoopback(url.hostname)) return;
  throw new TypeError(
    `websocket: the token would cross the network to ${url.hostname} in clear text: ` +
      "use wss://, or say allowInsecureToken: true",
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

async function handshakeHeaders({ token, tokenProvider, headers }: WebSocketOptions) {
  const bearer = tokenProvider === undefined ? token : await tokenProvider();
  return { ...headers, ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }) };
}
