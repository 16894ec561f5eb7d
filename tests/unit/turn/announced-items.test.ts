import { expect, test } from "vitest";
import type { ThreadItem } from "../../../src/protocol/index.ts";
import type { Notification } from "../../../src/rpc/messages.ts";
import { AnnouncedItems } from "../../../src/turn/announced-items.ts";

const change = (path: string, members: object = {}): ThreadItem => {
  const made = { type: "fileChange", id: "call", status: "inProgress", startedAtMs: 1 };
  return { ...made, changes: [{ path }], ...members } as unknown as ThreadItem;
};
const started = (item: object): Notification => ({ method: "item/started", params: { item } });
const completed = (item: object): Notification => ({ method: "item/completed", params: { item } });

function seen(...notifications: readonly Notification[]): unknown[] {
  const announced = new AnnouncedItems();
  for (const one of notifications) announced.see(one);
  return announced.all();
}

test("an item is the one that was announced last", () => {
  const [first, second] = [change("first"), change("second", { startedAtMs: 2 })];
  const done = change("first", { status: "completed" });
  expect(seen(started(first))).toEqual([first]);
  expect(seen(started(first), completed(done))).toEqual([done]);
  expect(seen(started(first), completed(done), started(second))).toEqual([second]);
});

test("two items at work with one id are both there, until one completes", () => {
  const [first, second] = [change("first"), change("second")];
  const done = change("first", { status: "completed" });
  expect(seen(started(first), started(second))).toEqual([first, second]);
  expect(seen(started(first), started(second), completed(done))).toEqual([second]);
});

test("an item that is announced twice is one item, and one that has changed completes", () => {
  const first = change("first");
  expect(seen(started(first), started({ ...first }))).toEqual([{ ...first }]);
  const changed = change("other", { status: "completed" });
  expect(seen(started(first), completed(changed))).toEqual([changed]);
});

test("an item that is announced again with null members keeps their earlier values", () => {
  const first = change("first");
  expect(seen(started(first), started({ ...first, status: null }))).toEqual([first]);
  const emptied = change("first", { changes: null });
  expect(seen(started(first), started(emptied))).toEqual([first, emptied]);
  const done = change("first", { status: null });
  expect(seen(started(first), completed(done))).toEqual([done]);
  expect(seen(started(done))).toEqual([done]);
});

test("items too deep to compare, and anything that isn't an item, don't make it throw", () => {
  let changes: unknown = [];
  for (let depth = 0; depth < 100_000; depth++) changes = [changes];
  const deep = change("first", { changes });
  expect(seen(started(deep), started({ ...deep, changes: [changes] }))).toHaveLength(2);
  expect(seen({ method: "item/started", params: null })).toEqual([]);
  expect(seen({ method: "turn/started", params: { item: deep } })).toEqual([]);
});

test("a later announcement doesn't change what was known", () => {
  const announced = new AnnouncedItems();
  announced.see(started(change("first")));
  const later = announced.after([started(change("second"))]);
  expect(later.all()).toHaveLength(2);
  expect(announced.all()).toHaveLength(1);
});

test("an uncompleted item is current until something was missed", () => {
  const announced = new AnnouncedItems();
  const first = change("first");
  announced.see(started(first));
  expect(announced.isCurrent(first)).toBe(true);
  expect(announced.after([started(change("second"))]).isCurrent(first)).toBe(true);
  announced.missed();
  expect(announced.isCurrent(first)).toBe(false);
  const again = change("again", { startedAtMs: 2 });
  announced.see(started(again));
  expect(announced.isCurrent(again)).toBe(true);
  announced.see(completed(change("again", { startedAtMs: 2, status: "completed" })));
  expect(announced.isCurrent(again)).toBe(false);
});

test("after many items with the same id, it isn't known which of them are running", () => {
  const announced = new AnnouncedItems();
  const items = Array.from({ length: 100 }, (_, n) => change(`file${n}`));
  for (const item of items) announced.see(started(item));
  for (const item of items) announced.see(completed({ ...item, status: "completed" }));
  expect(announced.named("call").length).toBeGreaterThan(1);
  expect(announced.named("call")).toEqual(announced.all());
});
