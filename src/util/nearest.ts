/** How many characters may differ, as a share of the name's length. */
const MAX_DISTANCE_RATIO = 0.4;
/** Longer names aren't typos, and the comparison takes quadratic time. */
const MAX_LENGTH = 64;

/** A shorter common prefix isn't significant. */
const MIN_PREFIX = 4;

/** The name that was probably meant; undefined if none is similar. Case and separators don't count. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const plain = plainName(name);
  let best: string | undefined;
  let least = Math.floor(plain.length * MAX_DISTANCE_RATIO) + 1;
  for (const candidate of known) {
    const distance = editDistance(plain, plainName(candidate));
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best ?? known.find((candidate) => isExtension(plain, plainName(candidate)));
}

/** Whether one name starts with the other: "sandbox" and "sandboxPolicy". */
function isExtension(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  return shorter >= MIN_PREFIX && one.slice(0, shorter) === other.slice(0, shorter);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}

/** The number of characters to insert, delete or replace; swapped neighbours count as one. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const exchanged =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        exchanged ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
