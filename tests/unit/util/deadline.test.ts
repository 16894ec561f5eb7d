import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { deadline } from "../../../src/util/deadline.ts";

/** What a debugger, a long computation or a sleeping computer does to a program. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const late = (ms: number) => new Error(`not within ${ms} ms`);

describe("a time limit", () => {
  it("that passes while the program is blocked gives time to read what has arrived", async () => {
    using limit = deadline(undefined, 50, late);
    block(1_100);
    await readFile(import.meta.filename);
    expect(limit.signal?.aborted).toBe(false);
    await once(limit.signal as AbortSignal, "abort");
    expect(limit.signal?.reason).toEqual(late(50));
  });

  it("doesn't pass after it was lifted, also in that time", async () => {
    using limit = deadline(undefined, 50, late);
    block(1_100);
    await readFile(import.meta.filename);
    limit.lift();
    const { signal = new AbortController().signal } = deadline(undefined, 1_200, late);
    await once(signal, "abort");
    expect(limit.signal?.aborted).toBe(false);
  });

  it("is observed exactly otherwise", async () => {
    const start = performance.now();
    using limit = deadline(undefined, 60, late);
    await once(limit.signal as AbortSignal, "abort");
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  });
});
