import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Collects garbage now. Finalizers run when the event loop is reached. */
export const collectGarbage: () => void = runInNewContext("gc");

/** Collects garbage until the condition is true; throws if it isn't within 10 s. */
export async function collectUntil(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    collectGarbage();
    await pause();
    if (condition()) return;
    if (Date.now() > deadline) throw new Error(`not within 10 s: ${what}`);
    // Objects that the condition has dereferenced stay alive until the next turn of the event loop.
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

/** Collects garbage until none of these objects is left; throws if one remains after 10 s. */
export async function untilCollected(what: string, refs: readonly WeakRef<object>[]) {
  await collectUntil(what, () => refs.every((ref) => ref.deref() === undefined));
}
