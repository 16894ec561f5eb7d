/**
 * The characters that need no escape in a JSON string, and aren't control characters, for a class in
 * a pattern. A class with a Unicode property would take milliseconds to compile.
 */
export const PLAIN_CHARACTERS = " !#-[\\]-~\\u00a0-\\uffff";

/** Matches text that contains any other character. */
export const NOT_PLAIN: RegExp = new RegExp(`[^${PLAIN_CHARACTERS}]`);
