import { isRecord } from "../util/describe.ts";
import { startLimit } from "../util/timer.ts";
import { badRequest, HttpError } from "./errors.ts";

export interface BodyLimits {
  readonly bodyBytes: number;
  readonly bodyMs: number;
}

export type Body = Readonly<Record<string, unknown>>;

/**
 * Reads a request's body, which must be a JSON object. Forms can't send its content type, so pages on
 * other sites can't send one without a preflight request.
 * @throws HttpError if the body is anything else, too long, or too slow.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Body> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new HttpError(415, "UNSUPPORTED_MEDIA_TYPE", "The content type must be application/json");
  }
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > limits.bodyBytes) throw tooLarge(limits);
  const text = await readText(request, limits);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest("The body isn't valid JSON");
  }
  if (!isRecord(body)) throw badRequest("The body must be a JSON object");
  return body;
}

async function readText(request: Request, limits: BodyLimits): Promise<string> {
  const reader = request.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let isLate = false;
  const timer = startLimit(limits.bodyMs, () => {
    isLate = true;
    reader.cancel().catch(() => {});
  });
  let [text, bytes] = ["", 0];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (isLate) throw new HttpError(408, "BODY_TIMEOUT", "The body took too long to arrive");
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > limits.bodyBytes) throw tooLarge(limits);
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    timer.cancel();
  }
}

function tooLarge({ bodyBytes }: BodyLimits): HttpError {
  return new HttpError(413, "BODY_TOO_LARGE", `The body is larger than ${bodyBytes} bytes`);
}
