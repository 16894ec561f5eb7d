/**
 * A text that grows by small pieces, and can be read from any place. Small pieces are copied into
 * bytes: as strings, those of a thousand concurrent turns would survive long enough to cost more in
 * garbage collection than everything else that is done with them.
 */
export declare class TextStore {
    #private;
    get length(): number;
    append(text: string): void;
    /** The text from `offset` on. */
    from(offset: number): string;
    /** Frees the spare room, until more is appended. */
    trim(): void;
    /**
     * Replaces its own copy of the text by a slice of `whole`, which is in memory anyway. False when
     * `whole` has a different text there.
     */
    share(whole: string, at: number): boolean;
}
//# sourceMappingURL=text-store.d.ts.map