import { expect, test } from "vitest";
import { CollectionWatch } from "../../../src/sync/collection-watch.ts";
import { collectGarbage, collectUntil } from "../../support/garbage.ts";

// Otherwise the registry of one test can be collected before it could call its finalizers, which
// ends those of the whole process; see `clear`.
const watches: CollectionWatch[] = [];

function watch() {
  const collected: number[] = [];
  const watch = new CollectionWatch((id) => collected.push(id));
  watches.push(watch);
  return { collected, watch };
}

function watchGarbage(watch: CollectionWatch, ids: readonly number[]): void {
  for (const id of ids) watch.watch({}, id);
}

const sweepOften = (watch: CollectionWatch) => {
  for (let call = 0; call < 64; call++) watch.sweep();
};

test("reports what was collected, once, when the event loop runs", async () => {
  const { watch: all, collected } = watch();
  const kept = {};
  watchGarbage(all, [1, 2, 3]);
  all.watch(kept, 4);
  await collectUntil("three were reported", () => collected.length === 3);
  sweepOften(all);
  expect(collected.toSorted()).toEqual([1, 2, 3]);
  expect(all.size).toBe(1);
  expect(kept).toEqual({});
});

test("reports it to a program that never returns to the event loop", () => {
  const { watch: all, collected } = watch();
  const kept = {};
  all.watch(kept, 0);
  watchGarbage(all, [1, 2, 3]);
  // The first sweep releases what was used since the event loop last ran.
  sweepOften(all);
  collectGarbage();
  sweepOften(all);
  expect(collected).toEqual([1, 2, 3]);
  expect(all.size).toBe(1);
  expect(kept).toEqual({});
});

test("doesn't report what is no longer watched", async () => {
  const { watch: all, collected } = watch();
  const watchAndUnwatch = (id: number) => {
    const object = {};
    all.watch(object, id);
    all.unwatch(object, id);
  };
  watchAndUnwatch(1);
  watchAndUnwatch(2);
  watchGarbage(all, [3]);
  await collectUntil("the third was reported", () => collected.length > 0);
  expect(collected).toEqual([3]);
});

test("stops at clear(), and leaves the finalizers of the process alone", async () => {
  const reported: number[] = [];
  const watchUntilCleared = () => {
    const watch = new CollectionWatch((id) => reported.push(id));
    watchGarbage(watch, [1, 2, 3]);
    watch.clear();
    collectGarbage();
    return watch.size;
  };
  let finalized = 0;
  const others = new FinalizationRegistry(() => finalized++);
  const register = () => others.register({}, 0);
  expect(watchUntilCleared()).toBe(0);
  // Collects the registry too, before the event loop runs.
  collectGarbage();
  await new Promise(setImmediate);
  register();
  await collectUntil("another finalizer was called", () => finalized === 1);
  expect(reported).toEqual([]);
});
