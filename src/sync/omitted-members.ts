/**
 * The members of `Codex` that `CodexSync` lacks, and why. `Thread` and `Turn` are mirrored
 * completely.
 */
export const omittedMembers = {
  /** Static. */
  start: "the constructor starts the server",
  /** Static. */
  serve: "the app-server would end with the worker of the client that started it",
  closed: "a promise can't settle while the calling thread is blocked: read status instead",
} as const;
