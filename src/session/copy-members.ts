/**
 * The members of an object that are defined, inherited ones included, so that an instance of a class
 * can be given; functions keep the object as their `this`.
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
