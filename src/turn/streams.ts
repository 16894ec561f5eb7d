import type { ThreadItem } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import type { DeltaRun } from "./delta-run.ts";
import { type ItemText, joined, keyOf, partOf, textsOf } from "./item-texts.ts";

/** The deltas of uncompleted items, by item. */
export class Streams {
  readonly #runs = new Map<string, DeltaRun[]>();

  add(run: DeltaRun): void {
    const { itemId } = run.part.params;
    const runs = this.#runs.get(itemId);
    if (runs) runs.push(run);
    else this.#runs.set(itemId, [run]);
  }

  /** The text of an item's deltas, joined by part. */
  of(itemId: string): ItemText[] {
    return joined(
      (this.#runs.get(itemId) ?? []).map((run) => ({ ...partOf(run.part), text: run.from(0) })),
    );
  }

  /** The ids of the items, in the order of their first deltas. */
  get itemIds(): Iterable<string> {
    return this.#runs.keys();
  }

  /** The runs of uncompleted items, as notifications. */
  *uncompleted(runs: readonly DeltaRun[]): Generator<Notification, void> {
    for (const run of runs) {
      if (this.#runs.has(run.part.params.itemId)) yield run.notificationFrom(0);
    }
  }

  /** Makes the runs of the completed item share its texts. */
  complete(item: ThreadItem): void {
    const runs = this.#runs.get(item.id);
    if (runs === undefined) return;
    this.#runs.delete(item.id);
    for (const whole of textsOf(item)) {
      const own = runs.filter((run) => keyOf(partOf(run.part)) === keyOf(whole));
      // The initial content of the item comes before its deltas.
      let at = whole.text.length - own.reduce((sum, { length }) => sum + length, 0);
      if (at < 0) continue;
      for (const run of own) {
        run.share(whole.text, at);
        at += run.length;
      }
    }
  }
}
