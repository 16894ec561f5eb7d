/** A value whose conversion to text or to a number throws. */
export const ODD: unknown = { toString: 1, valueOf: 1 };

/** Copies of the data, each with `ODD` in another place. */
export function* withOddPlaces(data: unknown): Generator<{ path: string; data: unknown }> {
  yield { path: "", data: ODD };
  if (typeof data !== "object" || data === null) return;
  for (const [name, member] of Object.entries(data)) {
    for (const { path, data: odd } of withOddPlaces(member)) {
      const copy: unknown = Array.isArray(data) ? [...data] : { ...data };
      (copy as Record<string, unknown>)[name] = odd;
      yield { path: `.${name}${path}`, data: copy };
    }
  }
}
