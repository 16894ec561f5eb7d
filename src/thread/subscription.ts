/** Whether the server sends this connection the turns of a thread. */
export class Subscription {
  #isActive = true;
  #isHeard = false;

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Whether the connection has subscribed, or has received any notification of a turn. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  begin(): void {
    this.#isActive = true;
    this.#isHeard = true;
  }

  heard(): void {
    this.#isHeard = true;
  }

  /** The server no longer sends the thread's turns, or may not. */
  end(): void {
    this.#isActive = false;
    this.#isHeard = false;
  }
}
