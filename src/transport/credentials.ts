import { mayNameSecret } from "../text/secret-names.ts";
import { quoteForeign } from "../text/secrets.ts";
import { isLoopbackHost } from "../util/loopback-host.ts";

/** What HTTP allows (RFC 9110, section 5). */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Everything that can authenticate a WebSocket handshake. */
export interface Credentials {
  readonly token?: string | undefined;
  readonly tokenProvider?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly allowInsecureToken?: boolean | undefined;
}

/**
 * @throws TypeError for credentials that can't be sent, that conflict with each other, or that would
 *   be sent over a network unencrypted without `allowInsecureToken`. Never quotes a credential.
 */
export function checkCredentials(url: URL, credentials: Credentials): void {
  const { token, tokenProvider, headers = {}, allowInsecureToken } = credentials;
  if (token !== undefined && tokenProvider !== undefined) {
    throw new TypeError("websocket: pass either token or tokenProvider, not both");
  }
  if (token !== undefined) checkBearer(token, "token");
  for (const [name, value] of Object.entries(headers)) checkHeader(name, value);
  const carriers = carriersOf(url, credentials);
  const ofAuthorization = carriers.filter(({ setsAuthorization }) => setsAuthorization);
  if (ofAuthorization.length > 1) {
    const names = ofAuthorization.map(({ name }) => name).join(" and ");
    throw new TypeError(`websocket: ${names} set the Authorization header: pass only one of them`);
  }
  const [first] = carriers;
  if (first === undefined || allowInsecureToken || isPrivate(url)) return;
  throw new TypeError(
    `websocket: ${first.name} would be sent to ${url.hostname} unencrypted: ` +
      "use wss://, or set allowInsecureToken: true",
  );
}

/** @throws TypeError for a token that the Authorization header can't carry. */
export function checkBearer(token: unknown, name: string): asserts token is string {
  if (typeof token !== "string") {
    throw new TypeError(`websocket: ${name} must be a string, not ${typeof token}`);
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      `websocket: ${name} must consist of visible ASCII characters without spaces: a header can't contain other characters`,
    );
  }
}

interface Carrier {
  readonly name: string;
  readonly setsAuthorization: boolean;
}

function carriersOf(url: URL, { token, tokenProvider, headers = {} }: Credentials): Carrier[] {
  const carriers: Carrier[] = [];
  const add = (name: string, setsAuthorization = false) =>
    carriers.push({ name, setsAuthorization });
  if (token !== undefined) add("the token option", true);
  if (tokenProvider !== undefined) add("the tokenProvider option", true);
  for (const name of Object.keys(headers).filter(mayNameSecret)) {
    add(`the header ${name}`, name.toLowerCase() === "authorization");
  }
  if (url.username !== "" || url.password !== "") add("the user in the URL", true);
  for (const name of new Set(url.searchParams.keys())) {
    if (mayNameSecret(name)) add(`the parameter ${name} of the URL`);
  }
  return carriers;
}

function checkHeader(name: string, value: string): void {
  if (name.toLowerCase() === "origin") {
    throw new TypeError(
      "websocket: the app-server refuses connections with an Origin header: remove it",
    );
  }
  if (HEADER_NAME.test(name) && HEADER_VALUE.test(value)) return;
  throw new TypeError(
    `websocket: "${quoteForeign(name)}" in headers isn't a valid HTTP header: check its name and its value`,
  );
}

function isPrivate(url: URL): boolean {
  return url.protocol === "wss:" || isLoopbackHost(url.hostname);
}
