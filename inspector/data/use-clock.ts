import { useEffect, useState } from "preact/hooks";

const TICK_MS = 250;

/** Renders again at intervals while something is running. */
export function useClock(isRunning: boolean): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), TICK_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
}
