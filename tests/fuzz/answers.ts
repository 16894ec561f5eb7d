/** Made when it is sent, so that what is read is as it then is. */
export interface LateAnswer {
  readonly body: () => { readonly result: unknown } | { readonly error: object };
  /** Called when the client has read it. */
  readonly delivered?: () => void;
  /** Sends what follows it. */
  readonly afterwards?: () => void;
  /** The work that it reports takes so long. In milliseconds. */
  readonly afterMs?: number;
}

/** What the server refuses with a code of its own. */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function give(result: unknown): LateAnswer {
  return { body: () => ({ result }) };
}
