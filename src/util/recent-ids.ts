import { keepNewest } from "./keep-newest.ts";

/** The newest ids that were added. Takes no memory until the first one. */
export class RecentIds {
  readonly #limit: number;
  #ids: Set<string> | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(id: string): void {
    this.#ids ??= new Set();
    this.#ids.add(id);
    keepNewest(this.#ids, this.#limit);
  }

  has(id: string): boolean {
    return this.#ids?.has(id) === true;
  }

  delete(id: string): void {
    this.#ids?.delete(id);
  }
}
