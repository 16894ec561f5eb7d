import type { Notification } from "../rpc/messages.ts";

/** What says to which part of which item a delta adds. */
export interface DeltaPart {
  readonly method: string;
  readonly params: {
    readonly turnId?: string;
    readonly itemId: string;
    readonly summaryIndex?: number;
    readonly contentIndex?: number;
  };
}

/** A notification that adds text to one part of one item. Two of the same part can be joined without loss. */
export interface DeltaNotification extends DeltaPart, Notification {
  readonly params: DeltaPart["params"] & { readonly delta: string };
}

const DELTA_METHODS: ReadonlySet<string> = new Set([
  "item/agentMessage/delta",
  "item/plan/delta",
  "item/reasoning/textDelta",
  "item/reasoning/summaryTextDelta",
  "item/commandExecution/outputDelta",
  "item/fileChange/outputDelta",
]);

export function isDeltaMethod(method: string): boolean {
  return DELTA_METHODS.has(method);
}

export function isDelta(notification: Notification): notification is DeltaNotification {
  if (!isDeltaMethod(notification.method)) return false;
  const params = notification.params as Partial<DeltaNotification["params"]> | null;
  return typeof params?.itemId === "string" && typeof params.delta === "string";
}

/** Long enough to make few blocks of a text, short enough that reading the newest part copies little. */
const BLOCK_LENGTH = 512;

/**
 * The text of consecutive deltas of one part of one item. Holds little more than the text itself,
 * and can be read from any place on.
 */
export class DeltaRun {
  readonly #first: DeltaNotification;
  readonly #blocks: string[] = [];
  #blocksLength = 0;
  #tail: string;

  constructor(first: DeltaNotification) {
    this.#first = first;
    this.#tail = first.params.delta;
  }

  get length(): number {
    return this.#blocksLength + this.#tail.length;
  }

  takes({ method, params }: DeltaPart): boolean {
    const first = this.#first;
    return (
      first.params.itemId === params.itemId &&
      first.params.turnId === params.turnId &&
      first.method === method &&
      first.params.summaryIndex === params.summaryIndex &&
      first.params.contentIndex === params.contentIndex
    );
  }

  isTextOf(itemId: string): boolean {
    return this.#first.method === "item/agentMessage/delta" && this.#first.params.itemId === itemId;
  }

  append(delta: string): void {
    this.#tail += delta;
    if (this.#tail.length < BLOCK_LENGTH) return;
    this.#blocks.push(detached(this.#tail));
    this.#blocksLength += this.#tail.length;
    this.#tail = "";
  }

  /** One notification for all the text from `offset` on. */
  notificationFrom(offset: number): DeltaNotification {
    const first = this.#first;
    return { ...first, params: { ...first.params, delta: this.#textFrom(offset) } };
  }

  #textFrom(offset: number): string {
    if (offset >= this.#blocksLength) return this.#tail.slice(offset - this.#blocksLength);
    const parts: string[] = [this.#tail];
    let start = this.#blocksLength;
    for (let index = this.#blocks.length - 1; index >= 0 && start > offset; index--) {
      const block = this.#blocks[index] ?? "";
      start -= block.length;
      parts.push(block);
    }
    return parts
      .reverse()
      .join("")
      .slice(offset - start);
  }
}

/** Shorter cuts are copies. */
const SHORTEST_CUT = 13;

/** The same text without the larger strings that its pieces were cut from, which a cut keeps alive. */
export function detached(text: string): string {
  if (text.length < SHORTEST_CUT) return text;
  return ` ${text}`.slice(1);
}
