import { isRecord } from "../util/describe.ts";

/** An object from the server with unknown members. */
export type Foreign = Readonly<Record<string, unknown>>;

/** The value as an object; an empty object if it isn't one. */
export function recordOf(value: unknown): Foreign {
  return isRecord(value) ? value : {};
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function records(value: unknown): readonly Foreign[] {
  return list(value).filter(isRecord);
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((one) => typeof one === "string");
}

/** The maximum depth to compare. It is deeper than any value in an item, but data from the server can have any depth. */
const MAX_DEPTH = 32;

/** Whether two values are the same JSON; false if that would take too long to find out. */
export function isSame(one: unknown, other: unknown, depth = 0): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object") return false;
  if (one === null || other === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(other, key) &&
      isSame(Reflect.get(one, key), Reflect.get(other, key), depth + 1),
  );
}
