/** A UUID in the usual form. */
const USUAL = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** The other forms that servers accept: upper case, without hyphens, in braces, or as a URN. */
const OTHER =
  /^(?:\{|urn:uuid:)?([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})\}?$/i;

/**
 * The id as the server writes it. Servers accept several forms of the same id. If they counted as
 * different threads, what is known about one of them, such as its environments, would be ignored for the
 * others.
 */
export function usualThreadId(id: string): string {
  if (USUAL.test(id)) return id;
  const [, ...parts] = OTHER.exec(id) ?? [];
  return parts.length > 0 ? parts.join("-").toLowerCase() : id;
}
