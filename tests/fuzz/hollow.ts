import type { Random } from "./random.ts";

/** The same object with one of its members, or one of their members, missing or null. */
export function hollow(value: object, random: Random): object {
  const names = Object.keys(value);
  const name = random.pick(names);
  if (name === undefined) return value;
  const inner = (value as Record<string, unknown>)[name];
  if (typeof inner === "object" && inner !== null && random.chance(0.5)) {
    return { ...value, [name]: hollow(inner, random) };
  }
  if (random.chance(0.5)) return { ...value, [name]: null };
  return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
}
