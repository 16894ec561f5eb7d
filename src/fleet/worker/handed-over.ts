/** The turn hasn't ended, and this worker leaves it to another. */
export class HandedOver extends Error {
  override name = "HandedOver";
  /** How long the turn waits until it can be delivered again, in milliseconds. */
  readonly delayMs: number;

  constructor(message: string, { delayMs = 0, ...options }: HandedOverOptions = {}) {
    super(message, options);
    this.delayMs = delayMs;
  }
}

interface HandedOverOptions extends ErrorOptions {
  readonly delayMs?: number;
}
