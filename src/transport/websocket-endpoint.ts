import { orAborted } from "../util/abort.ts";
import { isLoopbackHost } from "../util/loopback-host.ts";
import type { Carrier } from "./carrier.ts";
import { GuardedTransport } from "./guarded-transport.ts";
import { DEFAULT_MAX_MESSAGE_BYTES } from "./message-limit.ts";
import type { Endpoint, EndpointRecipe } from "./transport.ts";

/** How to open a WebSocket to the server: the URL, the headers and the stream. */
export interface WebSocketRoute {
  readonly url: string;
  readonly headers?: (() => Promise<Record<string, string>>) | undefined;
  /** Opens the stream for the WebSocket. Default: a socket to the URL's host. */
  readonly carrier?: ((signal: AbortSignal) => Promise<Carrier>) | undefined;
  readonly maxMessageBytes: number | undefined;
  readonly recipe: EndpointRecipe;
}

/** `name` identifies the server in errors; it contains no secret. */
export function webSocketEndpoint(name: string, route: WebSocketRoute): Endpoint {
  const endpoint: Endpoint = {
    name,
    outlivesTransport: true,
    sharesFiles: isLoopbackHost(new URL(route.url).hostname),
    async connect(signal) {
      signal.throwIfAborted();
      const headers = (await orAborted(headersOf(route), signal)) ?? {};
      const { openWebSocket } = await import("./websocket-dial.ts");
      const dial = {
        url: route.url,
        headers,
        carrier: route.carrier,
        maxMessageBytes: route.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
        signal,
      };
      return new GuardedTransport(await openWebSocket(name, dial), name);
    },
  };
  return withRecipe(endpoint, route.recipe);
}

/**
 * Adds a recipe, as a getter: it contains credentials, which must not be revealed when the endpoint
 * is copied or printed, even with its hidden members.
 */
export function withRecipe(endpoint: Endpoint, recipe: EndpointRecipe): Endpoint {
  return Object.defineProperty(endpoint, "recipe", { get: () => recipe, enumerable: false });
}

async function headersOf(route: WebSocketRoute) {
  return route.headers?.();
}
