/** Removes the oldest entries beyond this number. */
export function keepNewest(entries: Set<unknown> | Map<unknown, unknown>, count: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= count) break;
    entries.delete(oldest);
  }
}
