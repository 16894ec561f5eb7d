import { DeltaLine } from "./delta-line.ts";
import type { DeltaNotification, DeltaPart } from "./deltas.ts";

/** A delta as its notification or as its line. */
export type Delta = DeltaNotification | DeltaLine;

export function notificationOf(delta: Delta): DeltaNotification {
  return delta instanceof DeltaLine ? delta.notification() : delta;
}

/** Short enough that few small strings of many turns are alive at a time, long enough to make few blocks. */
const BLOCK_LENGTH = 128;
/** Shorter texts take no more memory than what it takes to share them. */
const SHORTEST_SHARED = 64;

/**
 * The text of consecutive deltas of one part of one item. Holds little more than the text itself,
 * and can be read from any place on.
 */
export class DeltaRun {
  /** A notification of this part; its text counts for nothing. */
  #like: DeltaNotification;
  #blocks: string[] = [];
  #blocksLength = 0;
  /** What has come since the last block. */
  #pieces: string[] = [];
  #length = 0;
  /** The first delta since `settle`, where somebody waits for it. */
  #fresh: Delta | undefined;
  #freshFrom = 0;

  constructor(like: DeltaNotification) {
    this.#like = like;
  }

  get length(): number {
    return this.#length;
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
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length - this.#blocksLength < BLOCK_LENGTH) return;
    this.#blocks.push(this.#pieces.length === 1 ? text : this.#pieces.join(""));
    this.#blocksLength = this.#length;
    this.#pieces = [];
  }

  /** Holds a delta that is about to be appended ready as it came. False when it holds an earlier one. */
  expect(delta: Delta): boolean {
    if (this.#fresh) return false;
    this.#fresh = delta;
    this.#freshFrom = this.#length;
    return true;
  }

  /** Those that waited have what has come. */
  settle(): void {
    this.#fresh = undefined;
  }

  /** One notification for all the text from `offset` on. */
  notificationFrom(offset: number): DeltaNotification {
    const fresh =
      this.#fresh && offset === this.#freshFrom ? notificationOf(this.#fresh) : undefined;
    if (fresh && offset + fresh.params.delta.length === this.#length) return fresh;
    const like = fresh ?? this.#like;
    return { ...like, params: { ...like.params, delta: this.textFrom(offset) } };
  }

  textFrom(offset: number): string {
    const parts: string[] = [];
    let start = this.#length;
    for (const pieces of [this.#pieces, this.#blocks]) {
      for (let index = pieces.length - 1; index >= 0 && start > offset; index--) {
        const piece = pieces[index] ?? "";
        start -= piece.length;
        parts.push(piece);
      }
    }
    const text = parts.length === 1 ? parts[0] : parts.reverse().join("");
    return text?.slice(offset - start) ?? "";
  }

  /**
   * Gives up its own copy of the text for one that is held anyway, when the whole has this run's
   * text at this place.
   */
  share(whole: string, at: number): void {
    if (this.#length < SHORTEST_SHARED) return;
    let end = at;
    for (const piece of [...this.#blocks, ...this.#pieces]) {
      if (!whole.startsWith(piece, end)) return;
      end += piece.length;
    }
    this.#blocks = [whole.slice(at, end)];
    this.#blocksLength = this.#length;
    this.#pieces = [];
    this.#like = { ...this.#like, params: { ...this.#like.params, delta: "" } };
  }
}
