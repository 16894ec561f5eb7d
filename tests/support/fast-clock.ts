import { onTestFinished, vi } from "vitest";

/** Until the end of the test, a second on the clock lasts a millisecond. Timers aren't affected. */
export function speedUpClock(): void {
  const now = performance.now.bind(performance);
  const start = now();
  const spy = vi.spyOn(performance, "now").mockImplementation(() => start + (now() - start) * 1000);
  onTestFinished(() => spy.mockRestore());
}
