import { DeltaLine } from "./delta-line.ts";
import type { DeltaNotification, DeltaPart } from "./deltas.ts";
import { TextStore } from "./text-store.ts";

/** A delta as its notification or as its line. */
export type Delta = DeltaNotification | DeltaLine;

export function notificationOf(delta: Delta): DeltaNotification {
  return delta instanceof DeltaLine ? delta.notification() : delta;
}

function withText(delta: Delta, text: string): DeltaNotification {
  if (delta instanceof DeltaLine) return delta.notification(text);
  return { ...delta, params: { ...delta.params, delta: text } };
}

function textOf(delta: Delta): string {
  return delta instanceof DeltaLine ? delta.text : delta.params.delta;
}

/** The text of consecutive deltas of one part of one item. */
export class DeltaRun extends TextStore {
  /** A notification of this part, as a template; its text is not used. */
  #like: DeltaNotification;
  /** The part, as identified by the last delta. */
  #part: DeltaPart;
  /** The first delta since `settle`, if a reader waits for it. */
  #fresh: Delta | undefined;
  #freshFrom = 0;

  constructor(like: DeltaNotification) {
    super();
    this.#like = like;
    this.#part = like;
  }

  get part(): DeltaPart {
    return this.#like;
  }

  takes(part: DeltaPart): boolean {
    // Lines of one form name their part by the same object.
    if (part === this.#part) return true;
    if (!isSamePart(part, this.#part)) return false;
    this.#part = part;
    return true;
  }

  /** Notes that no more deltas are expected soon. */
  close(): void {
    this.settle();
    this.trim();
  }

  /**
   * Keeps a delta that is about to be appended, to pass it on unchanged, unless it already keeps an
   * earlier one.
   */
  expect(delta: Delta): void {
    if (this.#fresh) return;
    this.#fresh = delta;
    this.#freshFrom = this.length;
  }

  /** Notes that all waiting readers have received what has arrived. */
  settle(): void {
    this.#fresh = undefined;
  }

  /** One notification for all the text from `offset` on. */
  notificationFrom(offset: number): DeltaNotification {
    const fresh = offset === this.#freshFrom ? this.#fresh : undefined;
    if (fresh && offset + textOf(fresh).length === this.length) return notificationOf(fresh);
    return withText(fresh ?? this.#like, this.from(offset));
  }

  override share(whole: string, at: number): boolean {
    const isShared = super.share(whole, at);
    if (isShared) this.#like = withText(this.#like, "");
    return isShared;
  }
}

function isSamePart(one: DeltaPart, other: DeltaPart): boolean {
  return (
    one.params.itemId === other.params.itemId &&
    one.params.turnId === other.params.turnId &&
    one.method === other.method &&
    one.params.summaryIndex === other.params.summaryIndex &&
    one.params.contentIndex === other.params.contentIndex
  );
}
