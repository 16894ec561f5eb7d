export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Pair by pair: the figures of one round were measured next to each other. */
export function ratios(values, others) {
  return values.map((value, index) => value / others[index]);
}

/** How much larger each value is than the other one of its round. */
export function differences(values, others) {
  return values.map((value, index) => value - others[index]);
}

/** Cuts a list into groups of this size, and takes the median of each. */
export function medianOfEach(values, size) {
  const groups = Array.from({ length: Math.floor(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
  return groups.map(median);
}
