/** A value as data that a message can carry, with references in place of what can't be copied. */
export interface Packed<Reference> {
    readonly value: unknown;
    readonly references: readonly {
        readonly path: readonly string[];
        readonly reference: Reference;
    }[];
}
/** Returns what stands for a value that can't be copied; undefined for one that can. */
export type ToReference<Reference> = (value: object, path: readonly string[]) => Reference | undefined;
export interface PackOptions {
    /** How many levels of objects and lists are searched for values that can't be copied. Default: all. */
    readonly depth?: number;
    /** The objects around the given one; one of them inside it is an error. */
    readonly ancestors?: Set<object>;
}
/** @throws TypeError for an object that contains itself, if `ancestors` is given. */
export declare function pack<Reference>(given: unknown, toReference: ToReference<Reference>, { depth, ancestors }?: PackOptions): Packed<Reference>;
export declare function unpack<Reference>({ value, references }: Packed<Reference>, fromReference: (reference: Reference) => unknown): unknown;
export declare function isPlainObject(value: object): boolean;
//# sourceMappingURL=packing.d.ts.map