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

  /** Nothing more is expected. */
  close(): void {
    this.settle();
    this.#text.trim();
  }

  /** Holds a delta that is about to be appended ready as it came, unless it holds an earlier one. */
  expect(delta: Delta): void {
    if (this.#fresh) return;
    this.#fresh = delta;
    this.#freshFrom = this.length;
  }

  /** The readers that waited have what has come. */
  settle(): void {
    this.#fresh = undefined;
  }

  /** One notification for all the text from `offset` on. */
  notificationFrom(offset: number): DeltaNotification {
    const fresh = offset === this.#freshFrom ? this.#fresh : undefined;
    if (fresh && offset + textOf(fresh).length === this.length) return notificationOf(fresh);
    return withText(fresh ?? this.#like, this.textFrom(offset));
  }

  textFrom(offset: number): string {
    return this.#text.from(offset);
  }

  /** Shares the text of `whole` from this place on, if it is the same. */
  share(whole: string, at: number): void {
    if (!this.#text.share(whole, at)) return;
    this.#like = withText(this.#like, "");
  }
}
