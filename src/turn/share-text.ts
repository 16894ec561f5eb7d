/** Sharing shorter texts would take as much memory as it saves. */
const SHORTEST_SHARED = 64;
/** How many levels to search: more than any item has, because data from the server can have any depth. */
const MAX_DEPTH = 8;

/**
 * Replaces each long text in `value` with the equal one at the same place in `known`, so that only
 * one of them stays in memory.
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
