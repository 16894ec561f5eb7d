import { TookTooLong, withinTime } from "./time-limit.ts";

/** How long a library may check one value, until it waits for something. */
const LIMIT_MS = 2_000;

interface Library<Verdict> {
  readonly "~standard": {
    readonly vendor: string;
    readonly validate: (value: unknown) => Verdict;
  };
}

/**
 * What a library finds of a value, its own verdict or a promise of it. It is stopped after 2 seconds,
 * as one of its regular expressions can take years for a text of the model's; the value then has an
 * issue that says so.
 */
export function askLibrary<Verdict>(
  schema: Library<Verdict>,
  value: unknown,
): Verdict | { readonly issues: readonly [{ readonly message: string }] } {
  try {
    return withinTime(LIMIT_MS, () => schema["~standard"].validate(value));
  } catch (error) {
    if (!(error instanceof TookTooLong)) throw error;
    const { vendor } = schema["~standard"];
    const why = "does one of its regular expressions backtrack?";
    return {
      issues: [{ message: `can't be checked: the ${vendor} schema ${error.message} (${why})` }],
    };
  }
}
