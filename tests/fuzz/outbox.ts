interface Outgoing {
  readonly text: string;
  readonly delivered: (() => void) | undefined;
}

/**
 * The messages that the server sends on one connection, in order. They can be held for a while and
 * then sent in one chunk, as on a busy machine.
 */
export class Outbox {
  readonly #send: (texts: readonly string[]) => void;
  readonly #holdMs: () => number;
  readonly #after: (ms: number, work: () => void) => void;
  #held: Outgoing[] | undefined;

  /** `holdMs` is how long this message and the following ones are held; 0 sends at once. */
  constructor(parts: {
    readonly send: (texts: readonly string[]) => void;
    readonly holdMs: () => number;
    readonly after: (ms: number, work: () => void) => void;
  }) {
    this.#send = parts.send;
    this.#holdMs = parts.holdMs;
    this.#after = parts.after;
  }

  /** `delivered` is called when the message has been sent. */
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

  /** Holds all messages from now on for this long, then sends them in one chunk. */
  hold(ms: number): void {
    if (this.#held) return;
    this.#held = [];
    this.#after(ms, () => {
      const held = this.#held ?? [];
      this.#held = undefined;
      if (held.length > 0) this.#deliver(held);
    });
  }

  /** Sends nothing more. */
  drop(): void {
    this.#held = [];
  }

  #deliver(messages: readonly Outgoing[]): void {
    // The client knows the content only once it has read the chunk.
    this.#send(messages.map(({ text }) => text));
    for (const { delivered } of messages) delivered?.();
  }
}
