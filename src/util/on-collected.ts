/**
 * One registry for all, which is never collected itself: when V8 collects a registry between its
 * targets and their cleanup, no registry of the process calls back any more (seen on Node 20 and 24).
 */
const registry = new FinalizationRegistry<() => void>((clean) => clean());

/**
 * Calls `clean` some time after the target was garbage-collected. `clean` must not refer to the
 * target. Returns what cancels it.
 */
export function onCollected(target: object, clean: () => void): () => void {
  const token = {};
  registry.register(target, clean, token);
  return () => void registry.unregister(token);
}
