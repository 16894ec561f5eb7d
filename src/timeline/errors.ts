import { isRecord } from "../util/describe.ts";
import { text, textOrNull } from "./foreign.ts";
import type { ErrorView } from "./views.ts";

/** The error of a turn, as the server describes it; null if there is none. */
export function errorView(error: unknown): ErrorView | null {
  if (!isRecord(error)) return null;
  const { message, additionalDetails, codexErrorInfo } = error;
  return {
    message: text(message),
    details: textOrNull(additionalDetails),
    code: codeOf(codexErrorInfo),
  };
}

/**
 * The kind of error, which the server sends as a string, or as the only member of an object with details.
 */
function codeOf(info: unknown): string | null {
  if (isRecord(info)) return Object.keys(info)[0] ?? null;
  return textOrNull(info);
}
