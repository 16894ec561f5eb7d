import type { IncomingMessage, ServerResponse } from "node:http";
import { isRecord } from "../util/describe.ts";

const MAX_BODY_CHARS = 4096;
/** The limit for a message that a user writes. */
const MAX_INPUT_CHARS = 2 ** 20;

/** The page's content security policy: nothing is loaded from other hosts, and only script files of this page run. */
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/** Sets the headers that all responses have. */
export function setHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.writeHead(status).end(text);
}

export function sendJson(response: ServerResponse, value: object): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

/** A member of the JSON object in a request's body; undefined if there is none. */
export async function memberOf(request: IncomingMessage, name: string): Promise<unknown> {
  return (await objectIn(request, MAX_BODY_CHARS))?.[name];
}

/** @throws Error if the request's body isn't a JSON object, or is too large. */
export async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const body = await objectIn(request, MAX_INPUT_CHARS);
  if (body) return body;
  throw new Error(`The body must be a JSON object of at most ${MAX_INPUT_CHARS} characters`);
}

async function objectIn(
  request: IncomingMessage,
  maxChars: number,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? "")) return undefined;
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > maxChars) return undefined;
  }
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
