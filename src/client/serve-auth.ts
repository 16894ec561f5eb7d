import { createHash, randomBytes } from "node:crypto";
import type { ListenAddress } from "../process/listen-address.ts";
import { isObject } from "../util/checks.ts";
import { isLoopbackHost } from "../util/loopback-host.ts";

/** How clients of an app-server started by `Codex.serve()` authenticate; see `ServeOptions.auth`. */
export type ServeAuth = true | "none" | { readonly token: string };

/** The token that clients need, and the arguments with which the server checks it. */
export interface Authentication {
  readonly token: string | undefined;
  readonly args: readonly string[];
}

const MIN_TOKEN_CHARS = 16;

/**
 * @throws TypeError for an invalid `auth`, or one that this address doesn't allow. Never quotes a
 * token.
 */
export function authentication(auth: unknown, address: ListenAddress): Authentication {
  if (address.kind === "unix") return ofSocket(auth);
  if (auth === "none") return ofNobody(address.host);
  if (auth === undefined || auth === true) return ofToken(randomBytes(32).toString("base64url"));
  if (isObject(auth) && Object.keys(auth).join() === "token" && "token" in auth) {
    return ofToken(checkedToken(auth.token));
  }
  throw new TypeError(
    `Codex.serve option auth must be true, "none" or { token }, not ${kindOf(auth)}`,
  );
}

/**
 * Authentication with a token. The server receives only the token's digest: other users can read its command line, and a token
 * file would be left behind if the process were killed.
 */
function ofToken(token: string): Authentication {
  const digest = createHash("sha256").update(token).digest("hex");
  return { token, args: ["--ws-auth", "capability-token", "--ws-token-sha256", digest] };
}

function ofNobody(host: string): Authentication {
  if (isLoopbackHost(host)) return { token: undefined, args: [] };
  throw new TypeError(
    `Codex.serve option auth: "none" would let everyone who can reach ${host} run commands on this machine. Omit it, or listen on 127.0.0.1`,
  );
}

function ofSocket(auth: unknown): Authentication {
  if (auth === undefined || auth === "none") return { token: undefined, args: [] };
  throw new TypeError(
    "Codex.serve option auth: on a Unix socket the server doesn't check tokens. Omit it: only this user can open the socket",
  );
}

function checkedToken(token: unknown): string {
  if (typeof token !== "string") {
    throw new TypeError(`Codex.serve option auth.token must be a string, not ${typeof token}`);
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      "Codex.serve option auth.token must consist of visible ASCII characters, without spaces: no client could send other characters",
    );
  }
  if (token.length < MIN_TOKEN_CHARS) {
    throw new TypeError(
      `Codex.serve option auth.token must have at least ${MIN_TOKEN_CHARS} characters, and should be random`,
    );
  }
  return token;
}

function kindOf(value: unknown): string {
  if (isObject(value))
    return `an object with the members ${Object.keys(value).join(", ") || "(none)"}`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "another string" : String(value);
}
