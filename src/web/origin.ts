import { HttpError } from "./errors.ts";

/** Decides which pages may use the handler, and sends browsers the CORS headers for them. */
export class OriginPolicy {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /**
   * @throws HttpError for a request that a page on another site has caused: by its `Origin`, or by
   *   what the browser reports about requests that have none.
   */
  check(request: Request): void {
    const origin = request.headers.get("origin");
    if (origin !== null) {
      if (!this.#admits(origin, request)) throw foreign(origin);
      return;
    }
    const site = request.headers.get("sec-fetch-site");
    if (site === "cross-site" || site === "same-site") throw foreign(site);
  }

  /** The response's headers for pages of the listed origins. */
  headers(request: Request): Readonly<Record<string, string>> {
    const origin = request.headers.get("origin");
    if (origin === null || !this.#origins.has(origin)) return { vary: "Origin" };
    return {
      vary: "Origin",
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "Retry-After",
    };
  }

  #admits(origin: string, request: Request): boolean {
    if (this.#origins.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const [from, own] = [new URL(origin), new URL(request.url)];
    if (from.host !== own.host) return false;
    // A proxy may have ended the encryption.
    return from.protocol === own.protocol || from.protocol === "https:";
  }
}

/** The answer to a browser's preflight request for a page of a listed origin. */
export const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers": "Authorization, Content-Type, Last-Event-ID",
  "access-control-max-age": "600",
};

function foreign(origin: string): HttpError {
  return new HttpError(
    403,
    "FOREIGN_ORIGIN",
    `Requests from pages on another site (${JSON.stringify(origin.slice(0, 100))}) aren't allowed; ` +
      "to allow them, list their origin in the handler's origins option",
  );
}
