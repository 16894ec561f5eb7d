import { safeMessage } from "../text/secrets.ts";

/** What a warning is about; `message` says the rest. */
export type WarningCode =
  /** An approval was declined because the option `approvals` says nothing else. Told once. */
  | "APPROVAL_DECLINED"
  /** A rule returned something that is no decision, or that the request doesn't offer: it was declined. */
  | "INVALID_DECISION"
  /** The server asked for something that no handler answers; it got an error. Told once a method. */
  | "UNHANDLED_REQUEST"
  /** A handler threw; the server got an error. The error is the warning's `cause`. */
  | "HANDLER_FAILED"
  /** A tool returned something that can't be sent; the call failed. The reason is the warning's `cause`. */
  | "TOOL_RESULT_UNUSABLE"
  /** A listener of `codex.on` threw. The error is the warning's `cause`. */
  | "LISTENER_FAILED"
  /** The server is older than the oldest that this package is tested with. Told once. */
  | "UNTESTED_SERVER"
  /** The server warned of something, such as an unknown model. Each text once. */
  | "SERVER_WARNING"
  /** The server warned of its configuration, such as a setting that doesn't exist. Each text once. */
  | "CONFIG_WARNING"
  /** The server announced that something will no longer be supported. Each text once. */
  | "DEPRECATION"
  /** The server sent something that is no message, or that answers no request. */
  | "STRAY_MESSAGE";

/** Something that the user should know of and that stops nothing. */
export class CodexWarning extends Error {
  override name = "CodexWarning";
  readonly code: WarningCode;

  constructor(code: WarningCode, message: string, options?: ErrorOptions) {
    super(safeMessage(message), options);
    this.code = code;
  }
}

export type Warn = (warning: CodexWarning) => void;
