import { CHECK_LIMIT_MS, TookTooLong, withinTime } from "./time-limit.ts";

interface Library<Verdict> {
  readonly "~standard": {
    readonly vendor: string;
    readonly validate: (value: unknown) => Verdict;
  };
}

/**
 * Validates a value with a library, which may return a promise. Validation stops after `limitMs`
 * milliseconds (default 2,000), because a regular expression can backtrack for years on text from a model;
 * the value then has an issue that says so.
 */
export function askLibrary<Verdict>(
  schema: Library<Verdict>,
  value: unknown,
  limitMs: number = CHECK_LIMIT_MS,
): Verdict | { readonly issues: readonly [{ readonly message: string }] } {
  try {
    return withinTime(limitMs, () => schema["~standard"].validate(value));
  } catch (error) {
    if (!(error instanceof TookTooLong)) throw error;
    const { vendor } = schema["~standard"];
    const why = "does one of its regular expressions backtrack?";
    return {
      issues: [{ message: `can't be checked: the ${vendor} schema ${error.message} (${why})` }],
    };
  }
}
