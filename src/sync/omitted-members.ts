/**
 * The members of `Codex` that `CodexSync` lacks, and why. `Thread` and `Turn` are mirrored
 * completely.
 */
export const omittedMembers = {
  /** Static. */
  start: "the constructor starts the server",
  /** Static. */
  serve: "the served app-server would end with the worker of the client that started it",
  closed: "nothing could happen while the thread waits for the end: read status instead",
} as const;
