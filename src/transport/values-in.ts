const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/**
 * The bytes that are counted instead of values. Each value begins with or follows one of them, unless it is the
 * whole message.
 */
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/** Whether JSON text has more than about this many values, found without parsing it. */
export function hasMoreValues(json: string, limit: number): boolean {
  if (json.length <= limit) return false;
  let count = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(json, at + 1);
    else if (code === COMMA || code === OPEN_ARRAY || code === OPEN_OBJECT) count++;
    if (count > limit) return true;
  }
  return false;
}

/** The position of the quote that ends a string. */
function stringEnd(json: string, start: number): number {
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return json.length;
}
