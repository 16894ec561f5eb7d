/** Where rows of different heights start. */
export class Offsets {
  readonly #heights: readonly number[];
  readonly #starts: Float64Array;

  constructor(heights: readonly number[]) {
    this.#heights = heights;
    this.#starts = new Float64Array(heights.length + 1);
    let at = 0;
    for (const [index, height] of heights.entries()) {
      this.#starts[index] = at;
      at += height;
    }
    this.#starts[heights.length] = at;
  }

  get total(): number {
    return this.#starts[this.#heights.length] ?? 0;
  }

  heightAt(index: number): number {
    return this.#heights[index] ?? 0;
  }

  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }

  /** The row at a place; the first or last one for a place outside. */
  indexAt(place: number): number {
    let [low, high] = [0, Math.max(0, this.#heights.length - 1)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.startOf(middle) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
