/** The reason of every abort that the seeded user makes. It has no stack, whose frames keep handles alive. */
export class UserAbort extends Error {
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
