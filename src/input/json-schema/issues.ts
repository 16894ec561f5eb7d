import type { OutputUnit } from "@cfworker/json-schema";
import type { OutputIssue } from "../../errors/output-issue.ts";
import { pointerKey } from "../walk-schema.ts";

/** A value can have a hundred thousand issues, which are too many to read. */
const MAX_ISSUES = 20;

/** Keywords whose own error says more than the errors of their parts. */
const TELLING = new Set(["anyOf", "oneOf", "contains", "propertyNames"]);

/** The library's errors as issues, without errors that only introduce others. */
export function toIssues(errors: readonly OutputUnit[], root: unknown): OutputIssue[] {
  return errors
    .filter((error, place) => !isRepeated(error, errors[place - 1], errors[place + 1]))
    .slice(0, MAX_ISSUES)
    .map(({ error, instanceLocation }) => ({
      message: error,
      path: toPath(instanceLocation, root),
    }));
}

function isRepeated(
  { keyword, keywordLocation }: OutputUnit,
  previous: OutputUnit | undefined,
  next: OutputUnit | undefined,
): boolean {
  // A member that isn't allowed; the error before it already says so.
  if (keyword === "false") return previous !== undefined;
  return !TELLING.has(keyword) && next?.keywordLocation.startsWith(`${keywordLocation}/`) === true;
}

/** Converts `#/list/0/a~1b` to `["list", 0, "a/b"]`, with a number where the value has an array. */
function toPath(location: string, root: unknown): PropertyKey[] {
  let value: unknown = root;
  return location
    .split("/")
    .slice(1)
    .map((part) => {
      const key = pointerKey(decodeURIComponent(part));
      const segment = Array.isArray(value) ? Number(key) : key;
      value = Object(value)[segment];
      return segment;
    });
}
