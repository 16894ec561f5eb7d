import { CodexWarning } from "../errors/warning.ts";
import { quoteForeign } from "../text/secrets.ts";

const MAX_PATH_CHARS = 1_000;

/** The warning that an accepted request was declined, because the server would now do something else. */
export function changedWarning(method: string, path: string): CodexWarning {
  const changed = quoteForeign(path, MAX_PATH_CHARS);
  return new CodexWarning(
    "APPROVAL_DECLINED",
    `An accepted request was declined (${method}): a link or file at ${changed} has changed since the request was shown.`,
  );
}
