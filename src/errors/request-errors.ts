import { quoteForeign } from "../text/secrets.ts";
import { describe } from "../util/describe.ts";
import { CodexError } from "./errors.ts";
import type { OutputIssue } from "./output-issue.ts";

/** Why a server request is no longer pending. */
export type SettledReason =
  /** This client has answered it. */
  | "answered"
  /** The server no longer needs the answer, for example because another client has answered. */
  | "withdrawn"
  /** The request's turn has ended. */
  | "turnEnded"
  /**
   * The request was declined when it should be accepted: since it was shown, a link or a file at one of its paths has
   * changed.
   */
  | "changed"
  /** The request was refused to make room: too many were pending, and its thread had the most. */
  | "dropped"
  /** The client was closed, or the server's process has exited. */
  | "connectionLost";

/** How much of an id is quoted: ids come from other programs. */
const MAX_ID_CHARS = 60;

const WHY: Readonly<Record<SettledReason, string>> = {
  answered: "it has already been answered",
  withdrawn: "the server has withdrawn it, for example because another client answered it",
  turnEnded: "its turn has ended",
  changed: "it was declined, because a link or a file has changed since it was shown",
  dropped: "it was refused, because its thread had too many pending requests",
  connectionLost: "the client was closed, or the server that asked has exited",
};

/**
 * The request is no longer pending: it has already been answered, or is no longer needed.
 */
export class RequestSettledError extends CodexError {
  override name = "RequestSettledError";
  override readonly code = "REQUEST_SETTLED";
  readonly requestId: string;
  readonly reason: SettledReason;

  constructor(requestId: string, reason: SettledReason) {
    super(`Request ${quoteForeign(requestId, MAX_ID_CHARS)} can't be answered: ${WHY[reason]}`);
    this.requestId = requestId;
    this.reason = reason;
  }
}

/** No pending request has this id. */
export class UnknownRequestError extends CodexError {
  override name = "UnknownRequestError";
  override readonly code = "UNKNOWN_REQUEST";
  readonly requestId: string;

  constructor(requestId: string) {
    // The id comes from another program, and can be anything.
    const shown =
      typeof requestId === "string" ? quoteForeign(requestId, MAX_ID_CHARS) : describe(requestId);
    super(
      `No request has the id ${shown}: it was settled long ago, or the server hasn't ` +
        "sent it to this client. On a shared server, resume its thread first.",
    );
    this.requestId = requestId;
  }
}

/** An answer that its request doesn't allow. The request stays pending. */
export class InvalidAnswerError extends CodexError {
  override name = "InvalidAnswerError";
  override readonly code = "INVALID_ANSWER";
  readonly requestId: string;
  /** The problems in the content; empty if the option is invalid. */
  readonly issues: readonly OutputIssue[];

  constructor(requestId: string, what: string, issues: readonly OutputIssue[] = []) {
    super(`The answer to request ${quoteForeign(requestId, MAX_ID_CHARS)} ${what}`);
    this.requestId = requestId;
    this.issues = issues;
  }
}
