import type { ErrorBody } from "../bridge/messages.ts";

/** The handler refused a request, or couldn't carry it out. */
export class HandlerError extends Error {
  override name = "HandlerError";
  /** The HTTP status; 0 if there was no response. */
  readonly status: number;
  /**
   * The kind of error: one of the handler's codes, such as "FORBIDDEN", or the code of a
   * `CodexError`.
   */
  readonly code: string;
  /** How long to wait before another attempt, in milliseconds, if the handler sent it. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The error in a response that isn't ok. */
export async function errorOf(response: Response): Promise<HandlerError> {
  const { status, headers } = response;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const retryAfterMs = seconds >= 0 ? seconds * 1000 : undefined;
  try {
    const { error } = (await response.json()) as ErrorBody;
    return new HandlerError(status, String(error.code), String(error.message), retryAfterMs);
  } catch {
    const message = `The server answered with status ${status}: is the handler at this address?`;
    return new HandlerError(status, "BAD_RESPONSE", message, retryAfterMs);
  }
}
