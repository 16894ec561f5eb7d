import { expect, test } from "vitest";
import { onCollected } from "../../src/util/on-collected.ts";
import { keptOf } from "./garbage.ts";

interface Holder {
  held: object | undefined;
}

/**
 * A chain: each object is released when the one before it has been collected. The first is garbage.
 */
function chainOf(length: number): WeakRef<object>[] {
  let next: object = {};
  const refs = [new WeakRef(next)];
  for (let count = 1; count < length; count++) {
    const holder: Holder = { held: next };
    const one = {};
    onCollected(one, holder, (owner) => {
      owner.held = undefined;
    });
    holders.push(holder);
    refs.push(new WeakRef(one));
    next = one;
  }
  return refs;
}

const holders: Holder[] = [];

test("objects that can be collected count as collected, no matter how long that takes", async () => {
  expect(await keptOf(chainOf(8))).toBe(0);
});

test("objects that are referenced count as kept", async () => {
  const held = [{}, {}];
  const refs = [...chainOf(3), ...held.map((one) => new WeakRef(one))];
  expect(await keptOf(refs)).toBe(held.length);
  expect(await keptOf(refs, held.length)).toBe(held.length);
});
