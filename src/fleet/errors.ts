/**
 * What was to be written belongs to another worker by now, which has claimed the thread since.
 * Stores of your own throw it too; it never reaches a caller.
 */
export class FencedError extends Error {
  override name = "FencedError";
}
