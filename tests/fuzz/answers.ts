/** Built when it is sent, so that it reflects the state at that time. */
export interface LateAnswer {
  readonly body: () => { readonly result: unknown } | { readonly error: object };
  /** Called when the client has read it. */
  readonly delivered?: () => void;
  /** Sends the messages that follow it. */
  readonly afterwards?: () => void;
  /** How long the reported work takes, in milliseconds. */
  readonly afterMs?: number;
}

/** Requests that the server refuses with a specific code. */
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
