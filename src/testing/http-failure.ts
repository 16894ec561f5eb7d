/** A reply with an HTTP status and a body instead of a stream. */
export class HttpFailure {
  readonly status: number;
  /** Sent as JSON, or unchanged if it is a string. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>>) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}
