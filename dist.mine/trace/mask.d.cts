/** Masks what looks like a secret, and these values wherever they are. */
export declare class TraceMask {
    #private;
    constructor(values: readonly string[]);
    /** Text or JSON. */
    apply(text: string): string;
}
/** The values of the variables whose names suggest a secret. */
export declare function secretValuesOf(...environments: readonly (Readonly<Record<string, string | undefined>> | undefined)[]): string[];
//# sourceMappingURL=mask.d.ts.map