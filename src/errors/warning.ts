import { safeMessage } from "../text/secrets.ts";

/** The kind of a warning; `message` has the details. */
export type WarningCode =
  /**
   * An approval was declined because the `approvals` option has no rule for it, or because an MCP server may have
   * forged it; each is reported once. Also reported for each accepted request that was declined because a link or
   * file changed before the answer.
   */
  | "APPROVAL_DECLINED"
  /** A rule returned something that isn't a decision, or that the request doesn't offer; the request was declined. */
  | "INVALID_DECISION"
  /** A request is pending, but this program never uses `codex.requests`. Reported once. */
  | "REQUEST_UNWATCHED"
  /** A request was refused because too many are pending. */
  | "REQUEST_DROPPED"
  /**
   * The server sent a request that has no handler, and received an error. Reported once per method.
   */
  | "UNHANDLED_REQUEST"
  /** A handler or rule threw, and the server received an error. The exception is the warning's `cause`. */
  | "HANDLER_FAILED"
  /** A tool returned something that can't be sent, and the call failed. The reason is the warning's `cause`. */
  | "TOOL_RESULT_UNUSABLE"
  /** A listener or `onWarning` threw. The exception is the warning's `cause`. */
  | "LISTENER_FAILED"
  /** The server is older than the oldest version that this package is tested with. Reported once. */
  | "UNTESTED_SERVER"
  /** A warning from the server, for example about an unknown model. Each text is reported once. */
  | "SERVER_WARNING"
  /**
   * The server's warning about its configuration, for example about a setting that doesn't exist. Each text is
   * reported once.
   */
  | "CONFIG_WARNING"
  /** The server's notice that something will no longer be supported. Each text is reported once. */
  | "DEPRECATION"
  /** The trace can no longer be written, for example because the disk is full. Reported once. */
  | "TRACE_FAILED"
  /** Redis can't be reached, or may delete data. Only in `codex-app-server/fleet`. */
  | "FLEET_REDIS"
  /** Another worker has taken over a turn that this one was running. Only in `codex-app-server/fleet`. */
  | "FLEET_TURN_TAKEN_OVER"
  /**
   * A worker in another process uses the same `CODEX_HOME`, so that worker has to run the turns. Only in
   * `codex-app-server/fleet`.
   */
  | "FLEET_HOME"
  /**
   * An operation failed and will be retried, or data that another process wrote can't be read. Only
   * in `codex-app-server/fleet`.
   */
  | "FLEET_RETRY"
  /** The inspector can't be served, for example because its port is in use. */
  | "INSPECT_FAILED"
  /** The server sent something that isn't a message, or that doesn't belong to any request. */
  | "STRAY_MESSAGE";

/** A problem that doesn't fail a call. */
export class CodexWarning extends Error {
  override name = "CodexWarning";
  readonly code: WarningCode;

  constructor(code: WarningCode, message: string, options?: ErrorOptions) {
    super(safeMessage(message), options);
    this.code = code;
  }
}

export type Warn = (warning: CodexWarning) => void;
