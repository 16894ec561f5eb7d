import { type Context, createContext, Script } from "node:vm";

/** The minimum number of calls to `sweep` between two sweeps. */
const MIN_CALLS = 64;

/**
 * Reports watched objects that were garbage-collected.
 *
 * A FinalizationRegistry alone calls back from the event loop, to which a blocking program may
 * never return. So `sweep` checks too.
 */
export class CollectionWatch {
  readonly #onCollected: (id: number) => void;
  readonly #watched = new Map<number, WeakRef<object>>();
  readonly #registry = new FinalizationRegistry<number>((id) => this.#report(id));
  #callsUntilSweep = MIN_CALLS;
  #job: { readonly script: Script; readonly context: Context } | undefined;

  constructor(onCollected: (id: number) => void) {
    this.#onCollected = onCollected;
  }

  get size(): number {
    return this.#watched.size;
  }

  watch(object: object, id: number): void {
    this.#watched.set(id, new WeakRef(object));
    this.#registry.register(object, id, object);
  }

  unwatch(object: object, id: number): void {
    this.#watched.delete(id);
    this.#registry.unregister(object);
  }

  /**
   * Stops watching. It unregisters every object, because some versions of V8 (11 and 13) stop calling
   * the finalizers of the whole process if a registry is collected before it could call its own.
   */
  clear(): void {
    for (const reference of this.#watched.values()) {
      const object = reference.deref();
      if (object !== undefined) this.#registry.unregister(object);
    }
    this.#watched.clear();
    this.#endJob();
  }

  /**
   * Reports objects that were collected. Call it often: most calls do nothing, so the average cost
   * is independent of the number of objects.
   */
  sweep(): void {
    if (this.#watched.size === 0 || --this.#callsUntilSweep > 0) return;
    for (const [id, reference] of this.#watched) {
      if (reference.deref() === undefined) this.#report(id);
    }
    this.#callsUntilSweep = Math.max(MIN_CALLS, this.#watched.size);
    this.#endJob();
  }

  #report(id: number): void {
    if (this.#watched.delete(id)) this.#onCollected(id);
  }

  /** Runs a microtask: until one has run after an object's WeakRef was created or dereferenced, the object stays alive. */
  #endJob(): void {
    this.#job ??= {
      script: new Script("Promise.resolve().then(() => {}); undefined"),
      context: createContext({}, { microtaskMode: "afterEvaluate" }),
    };
    this.#job.script.runInContext(this.#job.context);
  }
}
