import type { Random } from "./random.ts";

/** Values that careless code might throw; some can't be converted to a string. */
export function oddValue(random: Random): unknown {
  const values: readonly (() => unknown)[] = [
    () => new Error("a user's own fault"),
    () => "a string",
    () => undefined,
    () => null,
    () => Symbol("a symbol"),
    () => Object.create(null),
    () => ({ toString: () => Object.create(null) }),
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
    () => Object.defineProperty(new Error("no message"), "message", { get: throwAgain }),
  ];
  return random.pick(values)();
}

function throwAgain(): never {
  throw new Error("an error whose message throws");
}
