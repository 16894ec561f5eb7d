import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { onCollected } from "../../src/util/on-collected.ts";
import { settle } from "./virtual-clock.ts";

/** A collected object may have kept other objects alive, and so on, up to this depth. */
const MAX_ROUNDS = 20;

/** A collection and the task in which the registry is notified have never taken this many. */
const MAX_TRIES = 1_000;

let collectGarbage: (() => void) | undefined;

/**
 * Resolves when all garbage has been collected, and the client has been notified of its handles
 * among it, however busy the process is.
 */
export async function collect(): Promise<void> {
  // The first collection may complete an older one, in which objects that have died since were
  // still alive.
  await collectOnce();
  await collectOnce();
}

/** How many of these objects are still alive; returns as soon as there are no more than `max`. */
export async function keptOf(refs: readonly WeakRef<object>[], max = 0): Promise<number> {
  for (let round = 1; ; round++) {
    await collect();
    const kept = refs.filter((ref) => ref.deref() !== undefined).length;
    // Objects that were dereferenced stay alive until the next turn of the event loop.
    await settle();
    if (kept <= max || round === MAX_ROUNDS) return kept;
  }
}

/** The client's registry calls back in one task for everything that one collection has found. */
async function collectOnce(): Promise<void> {
  const found = { isNotified: false };
  registerGarbage(found);
  for (let tries = 1; !found.isNotified; tries++) {
    if (tries > MAX_TRIES)
      throw new Error("The registry of collected handles no longer calls back");
    await settle();
    collector()();
    await settle();
  }
}

/** In a separate function, so that its variables don't outlive it. */
function registerGarbage(found: { isNotified: boolean }): void {
  onCollected({}, found, (one) => {
    one.isNotified = true;
  });
}

function collector(): () => void {
  if (!collectGarbage) {
    setFlagsFromString("--expose-gc");
    collectGarbage = runInNewContext("gc") as () => void;
  }
  return collectGarbage;
}
