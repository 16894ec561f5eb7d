declare const visible: unique symbol;
/** Text made of visible characters only, from which `unescapeVisible` restores the original exactly. */
export type VisibleText = string & {
    readonly [visible]: true;
};
/**
 * Makes a text visible without loss: characters that a screen would hide, execute or draw over
 * others become escapes (`\r`, `\x1b`, `\u{200b}`), and backslashes are doubled. Line feeds stay.
 *
 * For text that is to be approved.
 */
export declare function escapeVisible(text: string): VisibleText;
/** Like `escapeVisible`, on one line: a line feed becomes `\n`. */
export declare function escapeLine(text: string): VisibleText;
/** Restores the text that was passed to `escapeVisible` or `escapeLine`. */
export declare function unescapeVisible(text: VisibleText): string;
/**
 * Splits a text into characters, each with whether a screen shows it as itself. A mark is shown
 * only on a letter of its script, or on one with which Unicode composes it. So nothing changes how
 * a character before it looks without being seen itself.
 */
export declare function visibleCharacters(text: string): Generator<[character: string, isShown: boolean]>;
/** The characters outside ASCII that are shown as themselves, each with whether it is a mark. */
export declare function shownBeyondAscii(text: string): Generator<[character: string, isMark: boolean]>;
export {};
//# sourceMappingURL=visible.d.ts.map