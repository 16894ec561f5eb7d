import type { ErrorBody } from "../bridge/messages.ts";
import type { ErrorCode } from "../errors/codes.ts";
import { CodexError } from "../errors/errors.ts";

/** A request that the handler refuses. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Errors that the page has caused, and whose messages it receives. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  INVALID_ANSWER: 400,
  THREAD_NOT_FOUND: 404,
  UNKNOWN_REQUEST: 404,
  REQUEST_SETTLED: 409,
};

/** Other errors. Their messages can quote private data, so the page receives only the status and the code. */
const UNAVAILABLE: Partial<Record<ErrorCode, number>> = {
  TRANSPORT_CLOSED: 503,
  LAUNCH_FAILED: 503,
  SERVER_BUSY: 503,
  RETRY_LIMIT_EXCEEDED: 503,
  REQUEST_TIMEOUT: 504,
};

const HIDDEN_MESSAGE = "The request failed; the handler passes the error to onError";

export interface ErrorResponse {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the response leaves out the error's message. */
  readonly isHidden: boolean;
}

/** The response to a request that failed with this error. */
export function errorResponse(error: unknown): ErrorResponse {
  if (error instanceof HttpError) {
    const { status, code, message, headers } = error;
    return { status, body: { error: { code, message } }, headers, isHidden: false };
  }
  const code = error instanceof CodexError ? error.code : "INTERNAL";
  const status = STATUS[code as ErrorCode];
  if (error instanceof CodexError && status !== undefined) {
    return {
      status,
      body: { error: { code, message: error.message } },
      headers: {},
      isHidden: false,
    };
  }
  return {
    status: UNAVAILABLE[code as ErrorCode] ?? 500,
    body: { error: { code, message: HIDDEN_MESSAGE } },
    headers: {},
    isHidden: true,
  };
}

export function badRequest(message: string): HttpError {
  return new HttpError(400, "BAD_REQUEST", message);
}

export function notFound(): HttpError {
  return new HttpError(404, "NOT_FOUND", "There is nothing at this path");
}

/** The same response, whether the requested thing exists or not. */
export function forbidden(): HttpError {
  return new HttpError(403, "FORBIDDEN", "This request isn't allowed");
}

/** Passes an error to the program. */
export function report(
  error: unknown,
  request: Request,
  onError: ((error: unknown, request: Request) => void) | undefined,
): void {
  // `onError` can be asynchronous. Its own errors are ignored, because nothing else could handle them.
  const reporting = async () => onError?.(error, request);
  reporting().catch(() => {});
}
