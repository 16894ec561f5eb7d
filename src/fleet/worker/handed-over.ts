/** Thrown if a turn hasn't ended, and this worker leaves it to another. */
export class HandedOver extends Error {
  override name = "HandedOver";
  /** How long the turn waits until it can be delivered again, in milliseconds. */
  readonly delayMs: number;
  /** Whether the turn may be the cause. A turn that is the cause on several workers isn't run again. */
  readonly isFailure: boolean;

  constructor(
    message: string,
    { delayMs = 0, isFailure = false, ...options }: HandedOverOptions = {},
  ) {
    super(message, options);
    this.delayMs = delayMs;
    this.isFailure = isFailure;
  }
}

interface HandedOverOptions extends ErrorOptions {
  readonly delayMs?: number;
  readonly isFailure?: boolean;
}
