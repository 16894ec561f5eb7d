import { boolean, type Check, isObject, kindOf, requireOptions } from "../util/checks.ts";
import { isLoopbackHost } from "../util/loopback-host.ts";
import type { Carrier } from "./carrier.ts";
import { checkBearer, checkCredentials } from "./credentials.ts";
import type { LocalPort } from "./local-port.ts";
import { type MessageLimit, messageBytes } from "./message-limit.ts";
import { shownAddress, shownUrl } from "./shown-url.ts";
import type { Endpoint } from "./transport.ts";
import { webSocketEndpoint } from "./websocket-endpoint.ts";

export interface WebSocketOptions extends MessageLimit {
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
  /** Returns the token, for tokens that expire. Called for every connection, including reconnects. */
  readonly tokenProvider?: (() => string | Promise<string>) | undefined;
  /** Additional headers for the handshake. The server refuses connections with an `Origin` header. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Allows sending credentials to another machine unencrypted: the token, headers such as
   * `Authorization` and `Cookie`, a user name or password in the URL, and tokens in its query. Default false.
   */
  readonly allowInsecureToken?: boolean | undefined;
}

/** Text that can be a secret, so errors don't quote it. */
const secretText: Check = (value) =>
  typeof value === "string" ? undefined : ` must be a string, not ${typeof value}`;

const provider: Check = (value) =>
  typeof value === "function" ? undefined : ` must be a function, not ${typeof value}`;

const headerTable: Check = (value) => {
  if (!isObject(value)) return ` must be an object of strings, not ${kindOf(value)}`;
  const wrong = Object.entries(value).find(([, header]) => typeof header !== "string");
  return wrong && `[${JSON.stringify(wrong[0])}] must be a string, not ${typeof wrong[1]}`;
};

const CHECKS: Readonly<Record<keyof WebSocketOptions, Check>> = {
  token: secretText,
  tokenProvider: provider,
  headers: headerTable,
  allowInsecureToken: boolean,
  maxMessageBytes: messageBytes,
};

/**
 * Connects to an app-server that listens on `ws://` or `wss://`. A lost connection is
 * re-established. On Linux, the client doesn't reconnect if another user has taken the port of a
 * server on this machine.
 * @throws TypeError for any other kind of URL, an unknown option or a value of the wrong type, two
 *   sources of the token, or credentials that would be sent over a network unencrypted.
 *
 * @example
 * const codex = new Codex({ transport: websocket("ws://127.0.0.1:4500", { token }) });
 */
export function websocket(url: string | URL, options: WebSocketOptions = {}): Endpoint {
  requireOptions("websocket", options, CHECKS);
  const target = checkedUrl(url);
  checkCredentials(target, options);
  const name = shownUrl(target);
  const isLocal = target.protocol === "ws:" && isLoopbackHost(target.hostname);
  return webSocketEndpoint(name, {
    url: target.href,
    carrier: isLocal ? localCarrier(name, target) : undefined,
    headers: () => handshakeHeaders(options),
    maxMessageBytes: options.maxMessageBytes,
    recipe: { maker: "websocket", args: [target.href, options] },
  });
}

/** Remembers the owner of the port, for all connections. */
function localCarrier(name: string, url: URL): (signal: AbortSignal) => Promise<Carrier> {
  let port: Promise<LocalPort> | undefined;
  return async (signal) => {
    port ??= import("./local-port.ts").then(({ LocalPort }) => new LocalPort(name, url));
    return (await port).connect(signal);
  };
}

function checkedUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed?.protocol !== "ws:" && parsed?.protocol !== "wss:") {
    throw new TypeError(
      `websocket: the URL must begin with ws:// or wss://, not ${shownAddress(String(url))}`,
    );
  }
  if (parsed.hash !== "") throw new TypeError("websocket: the URL must not have a fragment (#…)");
  return parsed;
}

async function handshakeHeaders({ token, tokenProvider, headers }: WebSocketOptions) {
  const bearer = tokenProvider === undefined ? token : await tokenProvider();
  if (tokenProvider !== undefined) checkBearer(bearer, "the result of tokenProvider");
  return { ...headers, ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }) };
}
