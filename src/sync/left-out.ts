/** The members of `Codex` that `CodexSync` has not, and why. `Thread` and `Turn` are mirrored whole. */
export const leftOut = {
  /** Static. */
  start: "the constructor starts the server",
  /** Static. */
  serve: "a served app-server has no thread of its own to live in, and would die with its client",
  closed:
    "nothing could happen while the thread waited for the end: status tells whether it is over",
} as const;
