/** A value as data for a message, with references instead of values that can't be copied. */
export interface Packed<Reference> {
  readonly value: unknown;
  readonly references: readonly {
    readonly path: readonly string[];
    readonly reference: Reference;
  }[];
}

/** Returns a representation of a value that can't be copied; undefined for one that can. */
export type ToReference<Reference> = (
  value: object,
  path: readonly string[],
) => Reference | undefined;

export interface PackOptions {
  /**
   * How many levels of objects and lists to search for values that can't be copied. Default: all.
   */
  readonly depth?: number;
  /** The objects that contain the given one; finding one of them inside it is an error. */
  readonly ancestors?: Set<object>;
}

/** @throws TypeError for an object that contains itself, if `ancestors` is given. */
export function pack<Reference>(
  given: unknown,
  toReference: ToReference<Reference>,
  { depth = Number.POSITIVE_INFINITY, ancestors }: PackOptions = {},
): Packed<Reference> {
  const references: { path: readonly string[]; reference: Reference }[] = [];
  const visit = (value: unknown, path: readonly string[]): unknown => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
    if (ancestors?.has(value)) {
      throw new TypeError(`An argument contains itself, at ${path.join(".")}`);
    }
    ancestors?.add(value);
    const copy = visitObject(value, path);
    ancestors?.delete(value);
    return copy;
  };
  const visitObject = (value: object, path: readonly string[]): unknown => {
    const reference = toReference(value, path);
    if (reference !== undefined) {
      references.push({ path, reference });
      return undefined;
    }
    if (path.length >= depth) return value;
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, `${index}`]));
    if (!isPlainObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]);
    return Object.fromEntries(entries);
  };
  return { value: visit(given, []), references };
}

export function unpack<Reference>(
  { value, references }: Packed<Reference>,
  fromReference: (reference: Reference) => unknown,
): unknown {
  const holder = { root: value };
  for (const { path, reference } of references) {
    const keys = ["root", ...path];
    const last = keys.pop() as string;
    // biome-ignore lint/suspicious/noExplicitAny: a walk through arbitrary data
    const parent = keys.reduce<any>((one, key) => one[key], holder);
    parent[last] = fromReference(reference);
  }
  return holder.root;
}

export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
