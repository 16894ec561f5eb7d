import { CodexError } from "../errors/errors.ts";
import { dataOf } from "../thread/data-of.ts";
import { isRecord } from "../util/describe.ts";
import { Leavable } from "../util/leavable.ts";

/** Yields the entries of all pages of a list. */
export function pages<Entry>(
  method: string,
  cursor: unknown,
  fetchPage: (cursor: unknown) => Promise<unknown>,
): AsyncGenerator<Entry, undefined> {
  return new Leavable(() => read<Entry>(method, cursor, fetchPage));
}

async function* read<Entry>(
  method: string,
  cursor: unknown,
  fetchPage: (cursor: unknown) => Promise<unknown>,
): AsyncGenerator<Entry, undefined> {
  const seen = new Set<unknown>();
  let next: unknown = cursor ?? undefined;
  do {
    const page = await fetchPage(next);
    yield* dataOf<Entry>(page, method);
    next = isRecord(page) && typeof page.nextCursor === "string" ? page.nextCursor : undefined;
    if (next !== undefined && seen.has(next)) {
      throw new CodexError(`${method} returned the cursor ${JSON.stringify(next)} twice`);
    }
    if (next !== undefined) seen.add(next);
  } while (next !== undefined);
}
