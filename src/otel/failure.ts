import { type Span, SpanStatusCode } from "@opentelemetry/api";
import { CodexError } from "../errors/errors.ts";
import { safeMessage } from "../text/secrets.ts";
import { messageOf } from "../util/describe.ts";
import { ERROR_TYPE } from "./attributes.ts";

/** Marks a span as failed. */
export function fail(span: Span, type: string, message?: string): void {
  span.setAttribute(ERROR_TYPE, type);
  const why = message === undefined ? {} : { message: safeMessage(message) };
  span.setStatus({ code: SpanStatusCode.ERROR, ...why });
}

/** Marks a span as failed because of a thrown value. */
export function failWith(span: Span, error: unknown): void {
  fail(span, typeOf(error), messageOf(error));
}

/** The code of an error from this package; the name of any other. */
export function typeOf(error: unknown): string {
  if (error instanceof CodexError) return error.code;
  return error instanceof Error ? error.name : "_OTHER";
}
