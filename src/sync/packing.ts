/** A value as data that a message can carry, and what of it was taken out because it is none. */
export interface Packed<Special> {
  readonly value: unknown;
  readonly specials: readonly {
    readonly path: readonly string[];
    readonly special: Special;
  }[];
}

/** What stands for a value that can't be copied; undefined for one that can. */
export type ToSpecial<Special> = (value: unknown, path: readonly string[]) => Special | undefined;

/** `depth` is how far objects and lists are looked into for what can't be copied. */
export function pack<Special>(
  value: unknown,
  toSpecial: ToSpecial<Special>,
  depth: number = Number.POSITIVE_INFINITY,
): Packed<Special> {
  const specials: { path: readonly string[]; special: Special }[] = [];
  const visit = (one: unknown, path: readonly string[]): unknown => {
    if ((typeof one !== "object" && typeof one !== "function") || one === null) return one;
    const special = toSpecial(one, path);
    if (special !== undefined) {
      specials.push({ path, special });
      return undefined;
    }
    if (path.length >= depth) return one;
    if (Array.isArray(one)) return one.map((item, index) => visit(item, [...path, `${index}`]));
    if (!isPlain(one)) return one;
    const entries = Object.entries(one).map(([key, item]) => [key, visit(item, [...path, key])]);
    return Object.fromEntries(entries);
  };
  return { value: visit(value, []), specials };
}

export function unpack<Special>(
  { value, specials }: Packed<Special>,
  fromSpecial: (special: Special) => unknown,
): unknown {
  const holder = { root: value };
  for (const { path, special } of specials) {
    const keys = ["root", ...path];
    const last = keys.pop() as string;
    // biome-ignore lint/suspicious/noExplicitAny: a walk through whatever was packed
    const parent = keys.reduce<any>((one, key) => one[key], holder);
    parent[last] = fromSpecial(special);
  }
  return holder.root;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
