import { CodexError } from "../errors/errors.ts";
import { dataOf } from "../thread/data-of.ts";

interface Page {
  readonly nextCursor: string | null;
}

/**
 * Yields the entries of all pages of a list, from the one at `cursor`.
 * @throws CodexError if the server returns a cursor twice, which would never end.
 */
export async function* pages<Entry>(
  method: string,
  cursor: string | null | undefined,
  fetch: (cursor: string | null | undefined) => Promise<Page>,
): AsyncGenerator<Entry, undefined> {
  const seen = new Set<string>();
  let next = cursor;
  do {
    const page = await fetch(next);
    yield* dataOf<Entry>(page, method);
    next = page.nextCursor;
    if (typeof next === "string" && seen.has(next)) {
      throw new CodexError(`${method} returned the cursor ${JSON.stringify(next)} twice`);
    }
    if (typeof next === "string") seen.add(next);
  } while (next != null);
}
