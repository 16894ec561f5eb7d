/**
 * A worker tried to write to a thread that another worker has claimed since. Your own stores must throw it
 * too; it never reaches a caller.
 */
export class FencedError extends Error {
  override name = "FencedError";
}
