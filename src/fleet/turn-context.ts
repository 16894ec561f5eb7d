/** A turn, as a caller knows it. */
export interface TurnToRead {
  readonly turn: string;
  /** The key of the thread that the turn must belong to. Default: the one that Redis has. */
  readonly key?: string | undefined;
}

/**
 * What the encrypted data of a turn is bound to: the turn and its thread's key. If someone without the
 * encryption key lists the turn under another tenant's thread in Redis, that tenant can't read it.
 */
export function turnContext(
  kind: "turn" | "request" | "control",
  turn: string,
  key: string,
): string {
  return `${kind} ${JSON.stringify([turn, key])}`;
}
