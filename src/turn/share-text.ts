/** Shorter texts take no more memory than what it takes to share them. */
const SHORTEST_SHARED = 64;
/** Deeper than any text of an item stands; foreign data may be nested without end. */
const MAX_DEPTH = 8;

/**
 * Replaces each long text in `value` by the equal one that `known` has in the same place, so that
 * only one of the two stays in memory. Nothing changes for those who read the value.
 */
export function shareTexts(value: unknown, known: unknown, depth = 0): void {
  if (!isObject(value) || !isObject(known) || value === known || depth > MAX_DEPTH) return;
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(known, key)) continue;
    const [own, other] = [value[key], known[key]];
    if (typeof own !== "string") shareTexts(own, other, depth + 1);
    else if (own.length >= SHORTEST_SHARED && own === other) Reflect.set(value, key, other);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
