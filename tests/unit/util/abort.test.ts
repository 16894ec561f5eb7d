import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onAbort, orAborted } from "../../../src/util/abort.ts";

const warnings: Error[] = [];
const note = (warning: Error) => void warnings.push(warning);
beforeEach(() => {
  warnings.length = 0;
  process.on("warning", note);
});
afterEach(() => void process.off("warning", note));

describe("onAbort", () => {
  it("lets 100,000 listeners wait for one signal at a constant cost, without a warning", async () => {
    const { signal } = new AbortController();
    const started = performance.now();
    const stops = Array.from({ length: 100_000 }, () => onAbort(signal, () => {}));
    for (const stop of stops) stop();
    // A listener of the signal for each takes 15 s.
    expect(performance.now() - started).toBeLessThan(2_000);
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  });

  it("runs all listeners once, in order, except those that stopped", () => {
    const controller = new AbortController();
    const ran: number[] = [];
    const stops = [0, 1, 2, 3].map((n) => onAbort(controller.signal, () => ran.push(n)));
    stops[1]?.();
    stops[1]?.();
    controller.abort();
    controller.abort();
    expect(ran).toEqual([0, 2, 3]);
  });

  it("lets a running listener remove a later one", () => {
    const controller = new AbortController();
    const ran: string[] = [];
    onAbort(controller.signal, () => stop());
    const stop = onAbort(controller.signal, () => ran.push("taken off"));
    onAbort(controller.signal, () => ran.push("last"));
    controller.abort();
    expect(ran).toEqual(["last"]);
  });

  it("runs immediately if the signal has aborted, even inside a listener of that abort", () => {
    const controller = new AbortController();
    const ran: string[] = [];
    onAbort(controller.signal, () => {
      ran.push("first");
      onAbort(controller.signal, () => ran.push("inner"));
    });
    onAbort(controller.signal, () => ran.push("second"));
    controller.abort();
    onAbort(controller.signal, () => ran.push("late"));
    expect(ran).toEqual(["first", "inner", "second", "late"]);
  });

  it("waits again after all have stopped", () => {
    const controller = new AbortController();
    const ran: number[] = [];
    const stale = onAbort(controller.signal, () => ran.push(1));
    stale();
    onAbort(controller.signal, () => ran.push(2));
    stale();
    controller.abort();
    expect(ran).toEqual([2]);
  });
});

describe("orAborted", () => {
  it("passes only a value that arrives after the abort to `discard`", async () => {
    const controller = new AbortController();
    const discarded: string[] = [];
    const discard = (value: string) => void discarded.push(value);
    expect(await orAborted(Promise.resolve("early"), controller.signal, discard)).toBe("early");
    let open = (_value: string): void => {};
    const opening = new Promise<string>((resolve) => {
      open = resolve;
    });
    const waiting = orAborted(opening, controller.signal, discard);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    open("late");
    await opening;
    expect(discarded).toEqual(["late"]);
  });
});
