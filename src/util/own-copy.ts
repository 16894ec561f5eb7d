import { isPlainObject } from "./describe.ts";

// A list can have members with these names.
const { forEach, some } = Array.prototype;

type Members = { [key: string]: unknown };

/**
 * A copy of the data in a caller's arguments, at any depth, which later changes to the original
 * don't affect: a call reads its arguments even after it has waited. Everything that isn't data
 * stays the same object: signals, functions, instances of classes, and what contains a function,
 * such as tools, transports, the schemas of libraries and values with their own `toJSON`.
 */
export function ownCopy<T>(value: T): T {
  if (!isContainer(value) || hasOwnForm(value)) return value;
  const copies = new Map<object, object>();
  const incomplete: [source: Members, copy: Members][] = [];
  const begin = (source: Members): object => {
    const copy = Array.isArray(source) ? new Array<unknown>(source.length) : {};
    copies.set(source, copy);
    incomplete.push([source, copy as Members]);
    return copy;
  };
  const copyOf = (member: unknown) =>
    isData(member) ? (copies.get(member) ?? begin(member as Members)) : member;
  const result = begin(value as Members);
  for (let next = incomplete.pop(); next; next = incomplete.pop()) {
    const [source, copy] = next;
    if (Array.isArray(source)) {
      // Skips holes. Listing the names of the elements would take far longer than copying them.
      forEach.call(source, (element, index) => {
        (copy as unknown as unknown[])[index] = copyOf(element);
      });
      continue;
    }
    for (const name of Object.keys(source)) {
      const own = copyOf(source[name]);
      if (name === "__proto__") defineOwn(copy, name, own);
      else copy[name] = own;
    }
  }
  return result as T;
}

/** Lists and plain objects. */
function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isPlainObject(value);
}

function isData(value: unknown): value is object {
  if (!isContainer(value)) return false;
  if (hasOwnForm(value)) return false;
  // A list of millions of numbers would otherwise become a list of as many names.
  if (Array.isArray(value)) return !some.call(value, (one) => typeof one === "function");
  return Object.keys(value).every((name) => typeof (value as Members)[name] !== "function");
}

/** Whether the value decides itself how it is serialized. */
function hasOwnForm(value: object): boolean {
  return typeof (value as { readonly toJSON?: unknown }).toJSON === "function";
}

/** Defines an own member: assigning `__proto__` would set the prototype instead. */
function defineOwn(copy: Members, name: string, value: unknown): void {
  Object.defineProperty(copy, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
