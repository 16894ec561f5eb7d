import { DeltaLine } from "./delta-line.ts";
import type { DeltaNotification, DeltaPart } from "./deltas.ts";
import { TextStore } from "./text-store.ts";

/** A delta as its notification or as its line. */
export type Delta = DeltaNotification | DeltaLine;

export function notificationOf(delta: Delta): DeltaNotification {
  return delta instanceof DeltaLine ? delta.notification() : delta;
}

/** The text of consecutive deltas of one part of one item. */
export class DeltaRun {
  /** A notification of this part; its text counts for nothing. */
  #like: DeltaNotification;
  readonly #text = new TextStore();
  /** The first delta since `settle`, where a reader waits for it. */
  #fresh: Delta | undefined;
  #freshFrom = 0;

  constructor(like: DeltaNotification) {
    this.#like = like;
  }

  get length(): number {
    return this.#text.length;
  }

  get part(): DeltaPart {
    return this.#like;
  }

  takes({ method, params }: DeltaPart): boolean {
    const own = this.#like;
    return (
      own.params.itemId === params.itemId &&
      own.params.turnId === params.turnId &&
      own.method === method &&
      own.params.summaryIndex === params.summaryIndex &&
      own.params.contentIndex === params.contentIndex
    );
  }

  append(text: string): void {
    this.#text.append(text);
  }

  /** No more will come soon. */
  close(): void {
    this.#text.trim();
  }

  /** Holds a delta that is about to be appended ready as it came. False when it holds an earlier one. */
  expect(delta: Delta): boolean {
    if (this.#fresh) return false;
    this.#fresh = delta;
    this.#freshFrom = this.length;
    return true;
  }

  /** The readers that waited have what has come. */
  settle(): void {
    this.#fresh = undefined;
  }

  /** One notification for all the text from `offset` on. */
  notificationFrom(offset: number): DeltaNotification {
    const fresh =
      this.#fresh && offset === this.#freshFrom ? notificationOf(this.#fresh) : undefined;
    if (fresh && offset + fresh.params.delta.length === this.length) return fresh;
    const like = fresh ?? this.#like;
    return { ...like, params: { ...like.params, delta: this.textFrom(offset) } };
  }

  textFrom(offset: number): string {
    return this.#text.from(offset);
  }

  /** Shares the text of `whole` from this place on, if it is the same. */
  share(whole: string, at: number): void {
    if (!this.#text.share(whole, at)) return;
    this.#like = { ...this.#like, params: { ...this.#like.params, delta: "" } };
  }
}
