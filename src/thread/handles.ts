/** The references to a thread in this program: the user's handles, and listeners for its turns. */
export class Handles {
  readonly #onReleased: () => void;
  #count = 0;

  constructor(onReleased: () => void) {
    this.#onReleased = onReleased;
  }

  retain(): void {
    this.#count++;
  }

  release(): void {
    this.#count--;
    this.#onReleased();
  }

  get hasAny(): boolean {
    return this.#count > 0;
  }

  /** Whether there is at most one reference. */
  get hasOneAtMost(): boolean {
    return this.#count <= 1;
  }
}
