/** The kinds of `CodexError`. Each class has its own code, which doesn't change. */
export type ErrorCode =
  /** `CodexError` itself: a call in the wrong state, or an unreadable answer from the server. */
  | "CODEX_ERROR"
  | "LAUNCH_FAILED"
  | "LOGIN_FAILED"
  | "TRANSPORT_CLOSED"
  | "REQUEST_TIMEOUT"
  | "OUTCOME_UNKNOWN"
  | "TURN_FAILED"
  | "TURN_TIMEOUT"
  | "TURN_ABORTED"
  | "TURN_LOST"
  | "MESSAGE_UNANSWERED"
  | "MODEL_UNREACHABLE"
  | "INVALID_INPUT"
  | "INVALID_SCHEMA"
  | "OUTPUT_INVALID"
  | "INVALID_ANSWER"
  | "REQUEST_SETTLED"
  | "UNKNOWN_REQUEST"
  /** `FleetTurnError`, only in `codex-app-server/fleet`. */
  | "FLEET_TURN_FAILED"
  /** `UnknownTurnError`, only in `codex-app-server/fleet`. */
  | "UNKNOWN_TURN"
  /** `InterruptedError`, only in `codex-app-server/sync`. */
  | "INTERRUPTED"
  /** `JsonRpcError` itself: an error from the server without its own class. */
  | "RPC_ERROR"
  | "PARSE_ERROR"
  | "INVALID_REQUEST"
  | "THREAD_NOT_FOUND"
  | "METHOD_NOT_FOUND"
  | "INVALID_PARAMS"
  | "INTERNAL_ERROR"
  | "SERVER_BUSY"
  | "RETRY_LIMIT_EXCEEDED";
