import { CodexError } from "../errors/errors.ts";
import { isRecord } from "../util/describe.ts";

/**
 * The entries of the list in an answer, without nulls. Throws a CodexError if there is no list.
 */
export function dataOf<T>(result: unknown, method: string): T[] {
  const data = isRecord(result) ? result.data : undefined;
  if (Array.isArray(data)) return data.filter((entry) => entry != null);
  throw new CodexError(`The server's response to ${method} has no list`);
}
