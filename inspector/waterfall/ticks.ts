const MOST = 6;
const STEPS = [1, 2, 5];

/** Round times from 0 to a duration, in milliseconds. */
export function ticksOf(total: number): number[] {
  if (!(total > 0)) return [];
  const rough = total / MOST;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * power >= rough) ?? 10) * power;
  // A trace from someone else can have the smallest of all numbers, for which there is no step.
  if (!(step > 0)) return [];
  const count = Math.floor(total / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
