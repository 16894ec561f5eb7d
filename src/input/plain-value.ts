import { describe, isPlainObject } from "../util/describe.ts";

/** Deeper values would overflow the stack of recursive code. */
const MAX_DEPTH = 500;

/**
 * Converts a value to one that JSON can represent, without silent losses: a Map becomes an object,
 * or a list of pairs if its keys aren't strings; a Set and a typed array of numbers become lists;
 * an Error its name and message; a bigint a number, or a string if it is too large; NaN and
 * Infinity strings. Members that are functions or undefined are omitted, as in JSON.
 *
 * @throws {TypeError} for a value that JSON would silently lose: bytes, a cycle, an object without
 * members that JSON includes. The message starts with the location of the value: `its result`,
 * `.a[0] in its result`.
 */
export function toPlain(value: unknown): unknown {
  return convert(value, { path: "", above: [] });
}

/** Binary data, which would become a meaningless list of numbers. */
export function bytesOf(value: unknown): Buffer | undefined {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  const isBytes =
    value instanceof Uint8Array ||
    value instanceof Uint8ClampedArray ||
    value instanceof DataView ||
    value instanceof Int8Array;
  return isBytes ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : undefined;
}

interface Place {
  readonly path: string;
  readonly above: readonly object[];
}

function convert(value: unknown, place: Place): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return typeof value === "object" && value !== null ? convertObject(value, place) : value;
}

function convertObject(value: object, place: Place): unknown {
  refuseUnusable(value, place);
  const above = [...place.above, value];
  const inner = (member: unknown, key: string | number) => {
    if (typeof member !== "object" || member === null) return convert(member, place);
    const step = typeof key === "number" ? `[${key}]` : `.${key}`;
    return convert(member, { path: place.path + step, above });
  };
  if (value instanceof Map) return ofMap(value, inner);
  if (value instanceof Set || ArrayBuffer.isView(value))
    return ofList(value as Set<unknown>, inner);
  if (value instanceof Error) {
    return { name: value.name, message: value.message, ...ofMembers(value, inner) };
  }
  if (value instanceof Date && Number.isNaN(value.getTime())) return String(value);
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return convert(value.toJSON(), { path: place.path, above });
  }
  if (Array.isArray(value)) return ofList(value, inner);
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    return value.valueOf();
  }
  const members = ofMembers(value, inner);
  if (!isPlainObject(value) && Object.keys(members).length === 0) {
    throw unusable(place, `is ${describe(value)}, which JSON can't represent: return plain data`);
  }
  return members;
}

function refuseUnusable(value: object, place: Place): void {
  if (place.above.includes(value))
    throw unusable(place, "contains itself, which JSON can't represent");
  if (place.above.length >= MAX_DEPTH) {
    throw unusable(place, `is nested more than ${MAX_DEPTH} levels deep`);
  }
  if (bytesOf(value)) {
    const advice =
      "return an image's bytes alone or in a list, and other bytes as text, in base64 for example";
    throw unusable(place, `is ${describe(value)}: ${advice}`);
  }
}

type Inner = (member: unknown, key: string | number) => unknown;

function ofMap(map: ReadonlyMap<unknown, unknown>, inner: Inner): unknown {
  const entries = [...map];
  if (!entries.every(([key]) => typeof key === "string")) return ofList(entries, inner);
  return Object.fromEntries(entries.map(([key, member]) => [key, inner(member, String(key))]));
}

function ofList(items: Iterable<unknown>, inner: Inner): unknown[] {
  return Array.from(items, inner);
}

function ofMembers(holder: object, inner: Inner): { [key: string]: unknown } {
  return Object.fromEntries(
    Object.entries(holder).map(([key, member]) => [key, inner(member, key)]),
  );
}

function unusable({ path }: Place, what: string): TypeError {
  return new TypeError(`${path === "" ? "its result" : `${path} in its result`} ${what}`);
}
