// The symbols of `using`, also where they are missing: Node before version 24 adds them to its main
// realm only, not to those that Jest and vitest's `vmThreads` make. The fallbacks are those of compilers.
export const {
  dispose = Symbol.for("Symbol.dispose"),
  asyncDispose = Symbol.for("Symbol.asyncDispose"),
} = Symbol;
