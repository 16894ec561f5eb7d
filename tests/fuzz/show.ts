/** Any value as text, those that can't be made text included. */
export function show(value: unknown): string {
  try {
    return String(value);
  } catch {
    return `(${typeof value} that is no string)`;
  }
}

/** An error with its stack, where it has one. */
export function showStack(error: unknown): string {
  try {
    if (error instanceof Error && typeof error.stack === "string") return error.stack;
  } catch {
    // What throws when it is looked at has nothing to show.
  }
  return show(error);
}
