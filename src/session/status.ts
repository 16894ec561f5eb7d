import type { CodexError } from "../errors/errors.ts";

/** Where a client stands with its server. */
export type CodexStatus =
  /** Nothing has been started yet. */
  | { readonly state: "idle" }
  | { readonly state: "connecting" }
  | { readonly state: "ready" }
  /** The connection was lost for this reason, and is being made again. */
  | { readonly state: "reconnecting"; readonly reason: CodexError }
  /** Over: closed by the user, or ended for this reason. */
  | { readonly state: "closed"; readonly reason: CodexError | undefined };
