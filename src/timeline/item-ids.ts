/**
 * The ids under which the items of a turn are shown: their own, or another one if that is taken. The model
 * chooses the ids of calls: it can reuse one, or use one that was
 * generated here.
 */
export class ItemIds {
  readonly #isUsed: (id: string) => boolean;
  readonly #reserved: string | undefined;
  /** The generated ids, by the item's own id, and all of them. */
  readonly #made = new Map<string, string>();
  readonly #all = new Set<string>();
  #count = 0;

  /** `reserved`: the beginning of ids that no item can have. */
  constructor(isUsed: (id: string) => boolean, reserved?: string) {
    this.#isUsed = isUsed;
    this.#reserved = reserved;
  }

  /** The id under which the newest item with this id is shown. */
  of(itemId: string): string {
    const made = this.#made.get(itemId);
    if (made !== undefined) return made;
    const isReserved = this.#reserved !== undefined && itemId.startsWith(this.#reserved);
    return isReserved || this.#all.has(itemId) ? this.separate(itemId) : itemId;
  }

  /** Whether the item is shown under a different id than its own. */
  isMade(itemId: string): boolean {
    return this.#made.has(itemId);
  }

  /** Gives the next item with this id an id that no other item has. */
  separate(itemId: string): string {
    const id = this.another(itemId);
    this.#made.set(itemId, id);
    return id;
  }

  /** Generates an id for a further item with this id. */
  another(itemId: string): string {
    // The number only grows, so that this stays linear however many ids are taken.
    const next = () => `${itemId}:${++this.#count}`;
    let id = next();
    while (this.#isUsed(id)) id = next();
    this.#all.add(id);
    return id;
  }
}
