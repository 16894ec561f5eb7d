/** A member takes a row on a screen, and the time of about as many characters, whatever its value. */
const MEMBER_CHARS = 40;

/**
 * About how many characters a value has that came as JSON, however deep it is. Stops counting above
 * the limit.
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
