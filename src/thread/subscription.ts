/** Whether the server sends this connection the turns of a thread. */
export class Subscription {
  #isActive = true;
  #isHeard = false;
  /** The newest request that has subscribed. */
  #begunBy = 0;
  /** A request to unsubscribe that was sent, and hasn't been answered. */
  #leaving: number | undefined;

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Whether the connection has subscribed, or has received any notification of a turn. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  /**
   * Notes that the server has answered the request to subscribe with this id. Returns the state before:
   * `isLoaded` means that the connection was subscribed to the thread, so the server had it loaded;
   * `hadLeft` means that it may have unsubscribed, although its answer to that hasn't arrived.
   */
  begin(requestId: number): {
    readonly isActive: boolean;
    readonly isLoaded: boolean;
    readonly hadLeft: boolean;
  } {
    const isActive = this.#isActive;
    const isLoaded = isActive && this.#isHeard && this.#leaving === undefined;
    const hadLeft = this.#leaving !== undefined && this.#leaving < requestId;
    if (hadLeft) this.#leaving = undefined;
    this.#begunBy = Math.max(this.#begunBy, requestId);
    this.#isActive = true;
    this.#isHeard = true;
    return { isActive, isLoaded, hadLeft };
  }

  heard(): void {
    this.#isHeard = true;
  }

  /** Notes that a request to unsubscribe was sent. */
  leave(requestId: number): void {
    this.#leaving = requestId;
  }

  /** Whether the server has answered a request to subscribe that was sent after this one. */
  hasBegunSince(requestId: number): boolean {
    return this.#begunBy > requestId;
  }

  /** Notes that the server no longer sends the thread's turns, or may not. */
  end(): void {
    this.#isActive = false;
    this.#isHeard = false;
    this.#leaving = undefined;
  }

  /** Notes that there is a new connection, which numbers its requests from the start. */
  connectionReplaced(): void {
    this.end();
    this.#begunBy = 0;
  }
}
