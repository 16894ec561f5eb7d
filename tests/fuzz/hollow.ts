import type { Random } from "./random.ts";

/** A call with other members in these is another call. */
const SUBJECT: ReadonlySet<string> = new Set(["arguments", "changes"]);

/** The same object with one of its members, or one of their members, missing or null. */
export function hollow(value: object, random: Random): object {
  const names = Object.keys(value);
  const name = random.pick(names);
  if (name === undefined) return value;
  const inner = (value as Record<string, unknown>)[name];
  const hasParts = typeof inner === "object" && inner !== null && !SUBJECT.has(name);
  if (hasParts && random.chance(0.5)) {
    return { ...value, [name]: hollow(inner as object, random) };
  }
  if (random.chance(0.5)) return { ...value, [name]: null };
  return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
}
