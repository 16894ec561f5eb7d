/**
 * A value that someone else has sent, as text. Converting an object would call its own `toString`, which may not be a
 * function.
 */
export function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
