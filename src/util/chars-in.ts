/**
 * Each member counts as this many characters, in addition to its value. It takes a row on a screen, and about as
 * much time as this many characters.
 */
const MEMBER_CHARS = 40;

/**
 * The approximate number of characters in a value that arrived as JSON, at any depth. Stops
 * counting above the limit.
 */
export function charsIn(value: unknown, limit: number): number {
  const rest: unknown[] = [value];
  let chars = 0;
  while (rest.length > 0 && chars <= limit) {
    const one = rest.pop();
    if (typeof one === "string") chars += one.length;
    if (typeof one !== "object" || one === null) continue;
    for (const name in one) {
      const isElement = Array.isArray(one);
      chars += MEMBER_CHARS + (isElement ? 0 : name.length);
      if (chars > limit) break;
      rest.push((one as Readonly<Record<string, unknown>>)[name]);
    }
  }
  return chars;
}
