/** Any value as text, including those that can't be converted to a string. */
export function show(value: unknown): string {
  try {
    return String(value);
  } catch {
    return `(${typeof value} that isn't convertible to a string)`;
  }
}

/** An error with its stack, if it has one. */
export function showStack(error: unknown): string {
  try {
    if (error instanceof Error && typeof error.stack === "string") return error.stack;
  } catch {
    // A value that throws when it is inspected has nothing to show.
  }
  return show(error);
}
