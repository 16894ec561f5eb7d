/** How much of a limited resource each party has. */
export class Shares {
  readonly #amounts = new Map<string, number>();

  of(party: string): number {
    return this.#amounts.get(party) ?? 0;
  }

  /** Adds to what a party has; a negative amount gives some back. */
  add(party: string, amount: number): void {
    const now = this.of(party) + amount;
    if (now > 0) this.#amounts.set(party, now);
    else this.#amounts.delete(party);
  }

  clear(): void {
    this.#amounts.clear();
  }

  /**
   * The party with the most, which has to make room for a newcomer; undefined if the newcomer would
   * then have just as much.
   */
  greediestBeside(newcomer: string, amount: number): string | undefined {
    let greediest: string | undefined;
    let most = this.of(newcomer) + amount;
    for (const [party, has] of this.#amounts) {
      if (has <= most) continue;
      greediest = party;
      most = has;
    }
    return greediest;
  }
}
