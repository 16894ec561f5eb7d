/** What is wrong with a value, to follow its name; undefined if it is valid. */
export type Check = (value: unknown) => string | undefined;
export declare function is(what: string, holds: (value: unknown) => boolean, name?: (value: unknown) => string): Check;
/** As `is`, for a value that is no scalar: a text in its place may be a secret, and isn't quoted. */
export declare function isThing(what: string, holds: (value: unknown) => boolean): Check;
export declare const string: Check;
export declare const nonEmpty: Check;
export declare const boolean: Check;
export declare const func: Check;
export declare const object: Check;
export declare const signal: Check;
export declare const milliseconds: Check;
export declare const ratio: Check;
export declare const strings: Check;
export declare function wholeFrom(least: number): Check;
/** Environment variables by name; undefined unsets one. Values are not quoted: each may be a secret. */
export declare const variables: Check;
/** For a value that is checked where it is used. */
export declare const anything: Check;
/** An object with any members, each of which satisfies the check. */
export declare function members(what: string, holds: (value: unknown) => boolean): Check;
/** An object with only these members, all optional. */
export declare function shape(checks: Readonly<Record<string, Check>>): Check;
/**
 * Checks the options of a call or a class, which `subject` names in errors.
 * @throws TypeError that names an unknown option, or one of the wrong type.
 */
export declare function requireOptions(subject: string, options: unknown, checks: Readonly<Record<string, Check>>): void;
/** @throws TypeError if it isn't a function. */
export declare function checkListener(listener: unknown): void;
/** True for the defaults, false for none, or an object that satisfies the check. */
export declare function orBoolean(check: Check): Check;
export declare function isObject(value: unknown): value is object;
/** A value in a sentence. A text is quoted with secrets masked and cut after 60 characters. */
export declare function show(value: unknown): string;
/** As `show`, but for texts, which are not quoted: for where a secret may have been given in place of an object. */
export declare function kindOf(value: unknown): string;
//# sourceMappingURL=checks.d.ts.map