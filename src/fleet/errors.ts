/**
 * Thrown if a worker tries to write to a thread that another worker has since claimed. Your own stores must throw this
 * error too; it never reaches a caller.
 */
export class FencedError extends Error {
  override name = "FencedError";
}
