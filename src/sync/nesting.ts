import { isPlainObject } from "./packing.ts";

/**
 * How many levels a value may have to be sent to the other thread. Node copies values by recursion,
 * and the stack of the calling thread may be smaller than the worker's: the worker then
 * couldn't know that its message was lost.
 */
const MAX_LEVELS = 256;

/**
 * Whether a value has more levels of lists and objects than can be sent. Takes linear time, without
 * recursion.
 */
export function isTooDeep(value: unknown): boolean {
  let level = objectsIn([value]);
  for (let count = 0; level.size > 0; count++) {
    if (count === MAX_LEVELS) return true;
    const below = new Set<object>();
    for (const one of level) {
      if (Array.isArray(one)) objectsIn(one, below);
      else if (isPlainObject(one)) objectsIn(Object.values(one), below);
    }
    level = below;
  }
  return false;
}

function objectsIn(values: readonly unknown[], found: Set<object> = new Set()): Set<object> {
  for (const value of values) if (typeof value === "object" && value !== null) found.add(value);
  return found;
}
