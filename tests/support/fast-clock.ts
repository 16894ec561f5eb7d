import { onTestFinished, vi } from "vitest";

/** Until the test is over, a second of the clock lasts a millisecond. Timers keep their pace. */
export function speedUpClock(): void {
  const now = performance.now.bind(performance);
  const start = now();
  const spy = vi.spyOn(performance, "now").mockImplementation(() => start + (now() - start) * 1000);
  onTestFinished(() => spy.mockRestore());
}
