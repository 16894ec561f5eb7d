/** Deeper than anything that is displayed. */
const MAX_DEPTH = 100;

/** The value as JSON. Extremely deep nesting, from a model or a tool, is cut off, because it would overflow the stack. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(cut(value, MAX_DEPTH));
  }
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return null;
  if (Array.isArray(value)) return value.map((element) => cut(element, depth - 1));
  const members = Object.entries(value).map(([name, member]) => [name, cut(member, depth - 1)]);
  return Object.fromEntries(members);
}
