import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The maximum number of unused links. */
const MAX_TOKENS = 16;

/** Decides who may use the inspector: the browsers that have opened a link. Each link works once. */
export class Access {
  /** The path of the whole page. The browser sends the cookie to nothing else. */
  readonly base: string = `/${random(8)}/`;
  readonly #name = "codex-inspector";
  readonly #key: string = random(32);
  readonly #tokens: string[] = [];

  /** Creates the part of a link that admits its first user. */
  newToken(): string {
    const token = random(32);
    this.#tokens.push(token);
    if (this.#tokens.length > MAX_TOKENS) this.#tokens.shift();
    return token;
  }

  /** Exchanges a token for a cookie, once; undefined if the token isn't valid. */
  redeem(token: unknown): string | undefined {
    const index = this.#tokens.findIndex((one) => isSame(token, one));
    if (index === -1) return undefined;
    this.#tokens.splice(index, 1);
    return `${this.#name}=${this.#key}; Path=${this.base}; HttpOnly; SameSite=Strict`;
  }

  admits({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? "").split(/;\s*/);
    return cookies.some((cookie) => isSame(cookie, `${this.#name}=${this.#key}`));
  }
}

/**
 * Whether a request comes from the inspector's own page, or from the address bar. Pages on other sites
 * are refused, even if their host name resolves to this machine.
 */
export function isOwn({ headers }: IncomingMessage, host: string): boolean {
  const site = headers["sec-fetch-site"];
  const isOwnSite = site === undefined || site === "same-origin" || site === "none";
  return (
    isOwnSite && headers.host === host && (headers.origin ?? `http://${host}`) === `http://${host}`
  );
}

function random(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

function isSame(given: unknown, secret: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
