/**
 * Numbers values so that equal ones, and only those, get the same number: comparing many values
 * with each other then takes no longer than reading them once.
 */
export class Identities {
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<object, number>();

  of(value: unknown): number {
    if (typeof value !== "object" || value === null) return this.#number(JSON.stringify(value));
    let number = this.#known.get(value);
    if (number === undefined) {
      number = this.#number(Array.isArray(value) ? this.#ofArray(value) : this.#ofObject(value));
      this.#known.set(value, number);
    }
    return number;
  }

  #ofArray(items: readonly unknown[]): string {
    return `[${items.map((item) => this.of(item)).join(",")}]`;
  }

  #ofObject(members: object): string {
    const parts = Object.entries(members).map(([key, member]) => {
      return `${JSON.stringify(key)}:${this.of(member)}`;
    });
    return `{${parts.sort().join(",")}}`;
  }

  #number(key: string): number {
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    return number;
  }
}
