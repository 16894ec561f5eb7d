import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Links that are not used yet. */
const MAX_TOKENS = 16;

/** Who may use the inspector: whoever has opened a link, each of which can be opened once. */
export class Access {
  /** The folder that all addresses are in, and the only one that the browser sends the cookie to. */
  readonly base: string = `/${random(8)}/`;
  readonly #name = "codex-inspector";
  readonly #key: string = random(32);
  readonly #tokens: string[] = [];

  /** The part of a link that admits its first user. */
  newToken(): string {
    const token = random(32);
    this.#tokens.push(token);
    if (this.#tokens.length > MAX_TOKENS) this.#tokens.shift();
    return token;
  }

  /** The cookie for a token, which can't be used again; undefined if it is none. */
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
 * Whether a request comes from the inspector's own page, or from the address bar. A page of another
 * site is refused, even if the site's name leads to this machine.
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
