import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { PackedHistories } from "../../../src/fleet/worker/packed-histories.ts";

const PATH = "sessions/2026/01/01/rollout-1.jsonl";
/** Text that can't be compressed to less than half. */
const lines = (bytes: number) => Buffer.from(randomBytes(bytes / 2).toString("hex"));
/** Comparing long buffers byte by byte is slow. */
const contain = (parts: readonly Buffer[], history: Buffer) =>
  gunzipSync(Buffer.concat(parts)).equals(history);

it("compresses only what was added to a history", async () => {
  const packed = new PackedHistories();
  const history = lines(100_000);
  const [first] = await packed.pack(PATH, history);
  const longer = Buffer.concat([history, lines(1_000)]);
  const parts = await packed.pack(PATH, longer);
  expect(parts).toHaveLength(2);
  expect(parts[0]).toBe(first);
  expect(contain(parts, longer)).toBe(true);
  const longest = Buffer.concat([longer, lines(1_000)]);
  expect(contain(await packed.pack(PATH, longest), longest)).toBe(true);
  const [same, ...added] = await packed.pack(PATH, history);
  expect(same).toBe(first);
  expect(added).toHaveLength(0);
});

it("compresses all of a history that has changed in any other way", async () => {
  const packed = new PackedHistories();
  const history = lines(10_000);
  await packed.pack(PATH, history);
  const changed = Buffer.concat([history, lines(1_000)]);
  changed.write("X", 5_000);
  for (const other of [changed, history.subarray(0, 9_000), lines(20_000)]) {
    expect(contain(await packed.pack(PATH, other), other)).toBe(true);
  }
});

it("compresses all again when much was added, so that the result stays small", async () => {
  const packed = new PackedHistories();
  const line = lines(1_000);
  let history = Buffer.alloc(0);
  let size = 0;
  for (let count = 0; count < 300; count++) {
    history = Buffer.concat([history, line]);
    const parts = await packed.pack(PATH, history);
    expect(parts.length).toBeLessThanOrEqual(2);
    size = Buffer.concat(parts).length;
  }
  expect(contain(await packed.pack(PATH, history), history)).toBe(true);
  expect(size).toBeLessThan(20_000);
});

it("retains a small history of a thread without a running turn, but not a large one", async () => {
  const packed = new PackedHistories();
  for (const [bytes, isKept] of [
    [100_000, true],
    [2_000_000, false],
  ] as const) {
    const history = lines(bytes);
    const [first] = await packed.pack(PATH, history);
    packed.rest();
    expect((await packed.pack(PATH, history))[0] === first).toBe(isKept);
  }
});
