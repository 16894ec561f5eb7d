import { HttpFailure } from "./http-failure.ts";
import type { ModelEvent, Part } from "./part.ts";

/** Model failures that the server distinguishes, named after their `codexErrorInfo` if they have one. */
export interface Failure {
  /**
   * Answers with an HTTP status instead of a stream. The body is sent as JSON, or unchanged if it
   * is a string; the default is an error object. The server treats 500 as `internalServerError`, 429 as
   * `responseTooManyFailedAttempts`, 400 as `other`, and most others as `httpConnectionFailed`.
   */
  (status: number, body?: unknown, headers?: Readonly<Record<string, string>>): HttpFailure;
  /** Ends the stream with `response.failed` and this error; can follow other parts of a reply. */
  event(code: string, message?: string): Part;
  serverOverloaded(): HttpFailure;
  /** `resetsAt` is in seconds since the Unix epoch; the server's message contains this time. */
  usageLimitExceeded(resetsAt?: number): HttpFailure;
  rateLimitExceeded(): Part;
  contextWindowExceeded(): Part;
  cyberPolicy(): Part;
}

export const failure: Failure = Object.assign(httpFailure, {
  event: failed,
  serverOverloaded: () => httpFailure(503, errorBody("server_is_overloaded", "Overloaded.")),
  usageLimitExceeded: (resetsAt?: number) =>
    httpFailure(429, {
      error: { type: "usage_limit_reached", message: "Limit reached.", resets_at: resetsAt },
    }),
  rateLimitExceeded: () => failed("rate_limit_exceeded"),
  contextWindowExceeded: () => failed("context_length_exceeded"),
  cyberPolicy: () => failed("cyber_policy"),
});

/** Ends the stream with `response.incomplete`; the turn fails. */
export function incomplete(reason = "max_output_tokens"): Part {
  return ending("unfinished", (id) => [
    {
      type: "response.incomplete",
      response: { id, status: "incomplete", incomplete_details: { reason } },
    },
  ]);
}

/** Closes the connection in the middle of the stream, after the parts before it have been sent. */
export function cut(): Part {
  return ending("cut");
}

/** Ends the stream without `response.completed`. */
export function unfinished(): Part {
  return ending("unfinished");
}

/** Sends an event whose data isn't JSON, which the current server skips. The reply continues after it. */
export function malformed(data = '{"type":'): Part {
  return { steps: () => [`event: response.output_text.delta\ndata: ${data}\n\n`] };
}

/**
 * A failure of the script, not of the model that it simulates. Uses the one kind of failure whose
 * message the server copies into the turn's error without retrying.
 */
export function brokenScript(message: string): Part {
  return failed("invalid_prompt", message);
}

export function errorBody(code: string, message: string): object {
  return { error: { type: code, code, message } };
}

function httpFailure(
  status: number,
  body: unknown = errorBody("scripted_failure", `The scripted model fails with ${status}.`),
  headers: Readonly<Record<string, string>> = {},
): HttpFailure {
  return new HttpFailure(status, body, headers);
}

function failed(code: string, message = `The scripted model fails with ${code}.`): Part {
  return ending("unfinished", (id) => [
    { type: "response.failed", response: { id, status: "failed", error: { code, message } } },
  ]);
}

function ending(how: "unfinished" | "cut", last: (id: string) => ModelEvent[] = () => []): Part {
  return {
    steps(draft) {
      draft.ending = how;
      return last(draft.id);
    },
  };
}
