import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SaveLoop } from "../../../src/fleet/worker/save-loop.ts";
import { deferred } from "../../../src/util/deferred.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The saved states: those during the turn, and the last one. */
function loop(save: () => Promise<void> = async () => {}) {
  const saved: ("state" | "last")[] = [];
  const saves = new SaveLoop((isLast) => {
    saved.push(isLast ? "last" : "state");
    return save();
  });
  return { saved, saves };
}

it("saves soon after a request", async () => {
  const { saved, saves } = loop();
  saves.request();
  await vi.advanceTimersByTimeAsync(100);
  expect(saved).toEqual(["state"]);
});

it("saves a turn once that ends soon after a request", async () => {
  const { saved, saves } = loop();
  saves.request();
  await vi.advanceTimersByTimeAsync(50);
  await saves.finish();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(saved).toEqual(["last"]);
});

it("joins the requests of a pause, and repeats a save that may be outdated", async () => {
  const first = deferred<void>();
  const { saved, saves } = loop(() => first.promise);
  saves.request();
  await vi.advanceTimersByTimeAsync(100);
  saves.request();
  saves.request();
  first.resolve();
  await vi.advanceTimersByTimeAsync(200);
  saves.request();
  expect(saved).toEqual(["state"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(saved).toEqual(["state", "state"]);
});

it("saves the last state after the save that is under way, even if that fails", async () => {
  const first = deferred<void>();
  const { saved, saves } = loop(() => (saved.length === 1 ? first.promise : Promise.resolve()));
  saves.request();
  await vi.advanceTimersByTimeAsync(100);
  saves.request();
  const finished = saves.finish();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(saved).toEqual(["state"]);
  first.reject(new Error("the store is away"));
  await finished;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(saved).toEqual(["state", "last"]);
});
