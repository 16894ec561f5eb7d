/**
 * How one JSON value becomes another. Objects that both sides share aren't compared, and text
 * that was extended, or lost its beginning, is described by the added characters.
 */
export type Patch = ValuePatch | TextPatch | ObjectPatch | ListPatch;

/** The new value. */
type ValuePatch = readonly [kind: 0, value: unknown];
/** How many characters were removed from the beginning, and the text added at the end. */
type TextPatch = readonly [kind: 1, dropped: number, added: string];
/** The members that changed or are new, and the names of the removed ones. */
type ObjectPatch = readonly [
  kind: 2,
  changed: Readonly<Record<string, Patch>>,
  gone?: readonly string[],
];
/**
 * The new list: runs of the old list and new elements, then changes to elements by their new index.
 */
type ListPatch = readonly [
  kind: 3,
  parts: readonly ListPart[],
  changed?: readonly (readonly [place: number, patch: Patch])[],
];
type ListPart = readonly [start: number, count: number] | readonly [value: unknown];

/** Deeper parts aren't worth comparing, and data from the server can have any depth. */
const MAX_DEPTH = 24;

/** The patch that turns `before` into `after`; undefined if they are the same JSON. */
export function patchOf(before: unknown, after: unknown, depth = 0): Patch | undefined {
  if (Object.is(before, after)) return undefined;
  if (typeof before === "string" && typeof after === "string") return textPatch(before, after, 0);
  if (depth > MAX_DEPTH || !isObject(before) || !isObject(after)) return [0, after];
  if (Array.isArray(before) && Array.isArray(after)) return listPatch(before, after, depth);
  if (Array.isArray(before) || Array.isArray(after)) return [0, after];
  return objectPatch(before as Members, after as Members, depth);
}

/** The value that the patch describes. Parts that it doesn't change are the same objects. */
export function patched(before: unknown, patch: Patch): unknown {
  switch (patch[0]) {
    case 0:
      return patch[1];
    case 1:
      return String(before).slice(patch[1]) + patch[2];
    case 2: {
      const members = new Map(Object.entries(before as Members));
      for (const name of patch[2] ?? []) members.delete(name);
      for (const [name, change] of Object.entries(patch[1])) {
        members.set(name, patched(members.get(name), change));
      }
      return Object.fromEntries(members);
    }
    case 3: {
      const known = before as readonly unknown[];
      const list = patch[1].flatMap((part) =>
        part.length === 1 ? [part[0]] : known.slice(part[0], part[0] + part[1]),
      );
      for (const [place, change] of patch[2] ?? []) list[place] = patched(list[place], change);
      return list;
    }
  }
}

type Members = Readonly<Record<string, unknown>>;

function objectPatch(before: Members, after: Members, depth: number): Patch | undefined {
  const changed: [string, Patch][] = [];
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    const change =
      known === undefined ? ([0, value] as const) : memberPatch(name, before, after, depth);
    if (change) changed.push([name, change]);
  }
  const gone = Object.keys(before).filter(
    (name) =>
      before[name] !== undefined && (!Object.hasOwn(after, name) || after[name] === undefined),
  );
  if (changed.length + gone.length === 0) return undefined;
  // `fromEntries` creates an own member for any name, even `__proto__`.
  const members = Object.fromEntries(changed);
  return gone.length > 0 ? [2, members, gone] : [2, members];
}

function memberPatch(name: string, before: Members, after: Members, depth: number) {
  const [known, value] = [before[name], after[name]];
  if (typeof known !== "string" || typeof value !== "string" || known === value) {
    return patchOf(known, value, depth + 1);
  }
  // A bounded text keeps only its end: the increase of `omitted` says how much was dropped from its
  // start.
  const [was, is] = [before.omitted, after.omitted];
  const dropped = typeof was === "number" && typeof is === "number" ? is - was : 0;
  return textPatch(known, value, dropped);
}

function textPatch(before: string, after: string, dropped: number): Patch | undefined {
  if (before === after) return undefined;
  for (const count of dropped > 0 ? [0, dropped] : [0]) {
    const kept = before.length - count;
    if (kept > 0 && after.startsWith(count === 0 ? before : before.slice(count))) {
      return [1, count, after.slice(kept)];
    }
  }
  return [0, after];
}

function listPatch(
  before: readonly unknown[],
  after: readonly unknown[],
  depth: number,
): Patch | undefined {
  // Usually only one element has changed.
  const kept = sameAtStart(before, after);
  let places: ReadonlyMap<string, number> | undefined;
  const known = () => (places ??= placesOf(before));
  const parts: (readonly [number, number] | readonly [unknown])[] = kept > 0 ? [[0, kept]] : [];
  const changed: [number, Patch][] = [];
  for (let place = kept; place < after.length; place++) {
    const value = after[place];
    const from = oldPlace(before, value, place, known);
    if (from === undefined) {
      parts.push([value]);
      continue;
    }
    const last = parts.at(-1);
    if (last?.length === 2 && last[0] + last[1] === from)
      parts[parts.length - 1] = [last[0], last[1] + 1];
    else parts.push([from, 1]);
    const change = patchOf(before[from], value, depth + 1);
    if (change) changed.push([place, change]);
  }
  const [first] = parts;
  const isWhole = parts.length === 1 && first?.length === 2 && first[0] === 0;
  const isSame = (isWhole ? first[1] : 0) === before.length && after.length === before.length;
  if (isSame && changed.length === 0) return undefined;
  return changed.length > 0 ? [3, parts, changed] : [3, parts];
}

/** How many elements at the start are the same objects. */
function sameAtStart(before: readonly unknown[], after: readonly unknown[]): number {
  const most = Math.min(before.length, after.length);
  let count = 0;
  while (count < most && Object.is(before[count], after[count])) count++;
  return count;
}

/**
 * The element's former index: the same index if the element is there, otherwise found by its id.
 */
function oldPlace(
  before: readonly unknown[],
  value: unknown,
  place: number,
  places: () => ReadonlyMap<string, number>,
): number | undefined {
  const key = keyOf(value);
  if (place < before.length && keyOf(before[place]) === key) return place;
  return key === undefined ? undefined : places().get(key);
}

function placesOf(list: readonly unknown[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [place, value] of list.entries()) {
    const key = keyOf(value);
    if (key !== undefined) places.set(key, place);
  }
  return places;
}

function keyOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { id, threadId } = value as Members;
  const key = id ?? threadId;
  return typeof key === "string" ? key : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
