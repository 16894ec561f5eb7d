/** A problem at one place of a model's output, in the form of a Standard Schema issue. */
export interface OutputIssue {
    readonly message: string;
    /** Keys and indexes from the root to the place; empty at the root. */
    readonly path: readonly PropertyKey[];
}
//# sourceMappingURL=output-issue.d.ts.map