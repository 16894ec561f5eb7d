import { quoteForeign } from "../text/secrets.ts";
import { nearest } from "./nearest.ts";

const MAX_QUOTED_CHARS = 60;

/**
 * Describes what is wrong with a value, as the part of a sentence after its name; undefined if it
 * is valid.
 */
export type Check = (value: unknown) => string | undefined;

export function is(
  what: string,
  holds: (value: unknown) => boolean,
  name: (value: unknown) => string = show,
): Check {
  return (value) => (holds(value) ? undefined : ` must be ${what}, not ${name(value)}`);
}

/**
 * Like `is`, for values that aren't scalars: a string passed instead may be a secret, so it isn't
 * quoted.
 */
export function isThing(what: string, holds: (value: unknown) => boolean): Check {
  return is(what, holds, kindOf);
}

export const string: Check = is("a string", (value) => typeof value === "string");
export const nonEmpty: Check = is(
  "a non-empty string",
  (value) => typeof value === "string" && value !== "",
);
export const boolean: Check = is("a boolean", (value) => typeof value === "boolean");
export const func: Check = isThing("a function", (value) => typeof value === "function");
export const object: Check = isThing("an object", isObject);
export const signal: Check = isThing("an AbortSignal", (value) => value instanceof AbortSignal);
export const milliseconds: Check = is(
  "a number of milliseconds, 0 or more",
  (value) => typeof value === "number" && value >= 0,
);
export const ratio: Check = is(
  "a number from 0 to 1",
  (value) => typeof value === "number" && value >= 0 && value <= 1,
);
export const strings: Check = is(
  "a non-empty list of strings",
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string"),
);

export function wholeFrom(least: number): Check {
  return is(
    `a whole number of at least ${least}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= least,
  );
}

/** Environment variables by name; undefined unsets one. Values are not quoted: each may be a secret. */
export const variables: Check = (value) => {
  if (!isObject(value)) return ` must be an object, not ${kindOf(value)}`;
  for (const [name, variable] of Object.entries(value)) {
    if (name === "" || /[=\0]/.test(name)) return ` has an invalid name: ${show(name)}`;
    if (variable === undefined) continue;
    const fault =
      typeof variable !== "string"
        ? `must be a string, not ${typeof variable}`
        : variable.includes("\0") && "must not contain a NUL character";
    if (fault) return `[${show(name)}] ${fault}`;
  }
  return undefined;
};

/** Accepts any value: it is checked when it is used. */
export const anything: Check = () => undefined;

/** An object with any members, each of which passes the check. */
export function members(what: string, holds: (value: unknown) => boolean): Check {
  return (value) => {
    if (!isObject(value)) return ` must be an object, not ${kindOf(value)}`;
    const wrong = Object.entries(value).find(([, member]) => !holds(member));
    if (wrong) return `[${show(wrong[0])}] must be ${what}, not ${kindOf(wrong[1])}`;
    return undefined;
  };
}

/** An object with only these members, all optional. */
export function shape(checks: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isObject(value)) return ` must be an object, not ${kindOf(value)}`;
    for (const [name, member] of Object.entries(value)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      if (check === undefined) {
        return ` has no member ${show(name)}${instead(name, "members", Object.keys(checks))}`;
      }
      const fault = member === undefined ? undefined : check(member);
      if (fault !== undefined) return `.${name}${fault}`;
    }
    return undefined;
  };
}

/**
 * Checks the options of a call or a class, which `subject` names in errors.
 * @throws TypeError that names an unknown option, or a value of the wrong type.
 */
export function requireOptions(
  subject: string,
  options: unknown,
  checks: Readonly<Record<string, Check>>,
): void {
  if (!isObject(options)) {
    throw new TypeError(`${subject} options must be an object, not ${kindOf(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) {
      const known = Object.keys(checks);
      throw new TypeError(
        `${subject} has no option ${show(name)}${instead(name, "options", known)}`,
      );
    }
    const fault = value === undefined ? undefined : check(value);
    if (fault !== undefined) throw new TypeError(`${subject} option ${name}${fault}`);
  }
}

/**
 * Suggests what to use instead of an unknown name: the name that was probably meant, otherwise all
 * names.
 */
function instead(name: string, what: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  if (meant !== undefined) return `; did you mean ${meant}?`;
  return `; its ${what} are ${known.join(", ")}`;
}

/** @throws TypeError if `listener` isn't a function. */
export function checkListener(listener: unknown): void {
  const fault = func(listener);
  if (fault !== undefined) throw new TypeError(`The listener${fault}`);
}

/** `true` for the defaults, `false` for none, or an object that passes the check. */
export function orBoolean(check: Check): Check {
  return (value) => {
    if (typeof value === "boolean") return undefined;
    return isObject(value) ? check(value) : ` must be a boolean or an object, not ${kindOf(value)}`;
  };
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in a sentence. A string is quoted, with secrets masked, and cut after 60 characters. */
export function show(value: unknown): string {
  if (typeof value === "string") return `"${quoteForeign(value, MAX_QUOTED_CHARS)}"`;
  return kindOf(value);
}

/**
 * Like `show`, but doesn't quote strings, because a secret may have been passed instead of an
 * object.
 */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return value === "" ? "an empty string" : "a string";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
