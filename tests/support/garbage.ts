import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Collects garbage now. Finalizers run when the event loop is reached. */
export const collectGarbage: () => void = runInNewContext("gc");

/** Collects garbage until the condition holds; throws when it doesn't within 10 s. */
export async function collectUntil(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within 10 s: ${what}`);
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Collects garbage until none of these objects is left; throws when one remains after 10 s. */
export async function untilCollected(what: string, refs: readonly WeakRef<object>[]) {
  const deadline = Date.now() + 10_000;
  do {
    if (Date.now() > deadline) throw new Error(`not collected within 10 s: ${what}`);
    // What was looked at is kept until the end of its turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 5));
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } while (refs.some((ref) => ref.deref() !== undefined));
}
