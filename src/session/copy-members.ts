/**
 * The defined members of an object, including inherited ones, so that it can be an instance of a
 * class. Functions keep the object as their `this`.
 */
export function copyMembers(object: object): Map<string, unknown> {
  const members = new Map<string, unknown>();
  for (let one: object | null = object; one && one !== Object.prototype; one = prototypeOf(one)) {
    for (const name of Object.getOwnPropertyNames(one)) {
      if (members.has(name) || name === "constructor") continue;
      const value: unknown = Reflect.get(object, name);
      if (value === undefined) continue;
      members.set(name, typeof value === "function" ? value.bind(object) : value);
    }
  }
  return members;
}

function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}
