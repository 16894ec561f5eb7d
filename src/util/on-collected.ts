/**
 * One registry for all, which is never collected itself: when V8 collects a registry between its
 * targets and their cleanup, no registry of the process calls back any more (seen on Node 20 and 24).
 */
const registry = new FinalizationRegistry<() => void>((clean) => clean());

/**
 * Calls `clean` with the owner some time after the target was garbage-collected, unless the owner is
 * gone too. The owner is held weakly: it may refer to the target, by way of what its user has given
 * it. `clean` must close over nothing, so it is to be defined at the top of its module or class.
 * Returns what cancels it.
 */
export function onCollected<Owner extends object>(
  target: object,
  owner: Owner,
  clean: (owner: Owner) => void,
): () => void {
  const token = {};
  registry.register(target, cleaning(new WeakRef(owner), clean), token);
  return () => void registry.unregister(token);
}

/** In a function of its own: closures of one function share their variables. */
function cleaning<Owner extends object>(owner: WeakRef<Owner>, clean: (owner: Owner) => void) {
  return () => {
    const alive = owner.deref();
    if (alive) clean(alive);
  };
}
