interface Outgoing {
  readonly text: string;
  readonly delivered: (() => void) | undefined;
}

/**
 * What the server sends on one connection, in its order. Messages may be kept for a while and then
 * go out in one chunk, as they do on a busy machine.
 */
export class Outbox {
  readonly #send: (texts: readonly string[]) => void;
  readonly #holdMs: () => number;
  readonly #after: (ms: number, work: () => void) => void;
  #held: Outgoing[] | undefined;

  /** `holdMs` gives how long this message and those after it are kept; 0 sends at once. */
  constructor(parts: {
    readonly send: (texts: readonly string[]) => void;
    readonly holdMs: () => number;
    readonly after: (ms: number, work: () => void) => void;
  }) {
    this.#send = parts.send;
    this.#holdMs = parts.holdMs;
    this.#after = parts.after;
  }

  /** `delivered` is called when the message has gone out. */
  push(text: string, delivered?: () => void): void {
    if (this.#held) {
      this.#held.push({ text, delivered });
      return;
    }
    const holdMs = this.#holdMs();
    if (holdMs === 0) {
      this.#deliver([{ text, delivered }]);
      return;
    }
    this.hold(holdMs);
    this.push(text, delivered);
  }

  /** Keeps what comes from now on for so long, to send it in one chunk. */
  hold(ms: number): void {
    if (this.#held) return;
    this.#held = [];
    this.#after(ms, () => {
      const held = this.#held ?? [];
      this.#held = undefined;
      if (held.length > 0) this.#deliver(held);
    });
  }

  /** Nothing more goes out. */
  drop(): void {
    this.#held = [];
  }

  #deliver(messages: readonly Outgoing[]): void {
    // What the client is said to know, it knows once it has read the chunk, not before.
    this.#send(messages.map(({ text }) => text));
    for (const { delivered } of messages) delivered?.();
  }
}
