/**
 * One registry for everything, which is never collected itself: if V8 collects a registry after its
 * targets but before their cleanup, no registry in the process calls back again (seen on Node 20
 * and 24).
 */
const registry = new FinalizationRegistry<() => void>((clean) => clean());

/**
 * Calls `clean` with the owner some time after the target was garbage-collected, unless the owner was collected too.
 * The owner is held weakly, because it may refer to the target through values that its user has passed. `clean` must
 * not close over anything, so define it at the top of its module or class. Returns a function that cancels it.
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

/** A separate function, because closures of one function share their variables. */
function cleaning<Owner extends object>(owner: WeakRef<Owner>, clean: (owner: Owner) => void) {
  return () => {
    const alive = owner.deref();
    if (alive) clean(alive);
  };
}
