import { isSame } from "./foreign.ts";

/** The known list if it has the same values; otherwise the new one. */
export function sharedList<T>(known: readonly T[] | undefined, list: readonly T[]): readonly T[] {
  const isKnown = known?.length === list.length && known.every((one, index) => one === list[index]);
  return isKnown ? known : list;
}

/**
 * The known view if its members are the same; members that are lists or views must be the same
 * objects.
 */
export function sharedView<T extends object>(
  known: T | undefined,
  view: T,
  parts: readonly (keyof T)[],
): T {
  if (known === undefined) return view;
  const members = Object.keys(view) as (keyof T)[];
  const isKnown = members.every((name) =>
    parts.includes(name) ? known[name] === view[name] : isSame(known[name], view[name]),
  );
  return isKnown ? known : view;
}
