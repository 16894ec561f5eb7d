/** A problem in a model's output, in the form of a Standard Schema issue. */
export interface OutputIssue {
  readonly message: string;
  /** Keys and indexes from the root to the problem; empty at the root. */
  readonly path: readonly PropertyKey[];
}
