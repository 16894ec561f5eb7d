// The symbols of `using`, with fallbacks where they are missing: before version 24, Node adds them
// only to its main realm, not to those that Jest and vitest's `vmThreads` create. The fallbacks are
// the ones that compilers use.
export const {
  dispose = Symbol.for("Symbol.dispose"),
  asyncDispose = Symbol.for("Symbol.asyncDispose"),
} = Symbol;
