import { quoteForeign } from "../text/secrets.ts";

const MAX_QUOTED_CHARS = 60;

/** A short description of an unexpected value, for use after "got". */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  switch (typeof value) {
    case "string":
      return `the string "${quoteForeign(value, MAX_QUOTED_CHARS)}"`;
    case "object":
      return Array.isArray(value) ? "an array" : describeObject(value);
    case "function":
      return "a function";
    default:
      return `the ${typeof value} ${String(value)}`;
  }
}

/** The message of a thrown value. Never throws, no matter what the value is. */
export function messageOf(error: unknown): string {
  try {
    if (error instanceof Error) return `${error.message || error.name}`;
    return typeof error === "string" ? error : describe(error);
  } catch {
    return "an object that can't be read";
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a plain object, of any realm: not an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describeObject(value: object): string {
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  if (typeof name !== "string" || name === "" || name === "Object") return "an object";
  return `an instance of ${name}`;
}
