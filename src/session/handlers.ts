import type {
  CommandExecutionApprovalDecision,
  FileChangeApprovalDecision,
  PermissionsRequestApprovalResponse,
  ServerRequestParams,
  ServerRequestResults,
  ThreadItem,
} from "../protocol/index.ts";

/** A server request of the protocol, by its method. */
export type ServerRequestMethod = keyof ServerRequestParams;

/** What a handler knows of the request beside its params. */
export interface RequestContext {
  readonly method: string;
  /**
   * The item that the request is about, as last seen: a file change's diff is here, not in the
   * params. Undefined when the request names none, or one that this client has not seen.
   */
  readonly item: ThreadItem | undefined;
  /** The thread that asks, when this client knows it. */
  readonly threadId: string | undefined;
  /** The thread that the asking one works for, when it is a sub-agent. */
  readonly parentThreadId: string | undefined;
  /** Aborts when the server withdraws the request, its turn ends, or the connection closes. */
  readonly signal: AbortSignal;
}

export type Handler<Params, Result> = (
  params: Params,
  context: RequestContext,
) => Result | Promise<Result>;

/**
 * Answers to server requests, by method; "*" answers those that have no other handler, methods of
 * newer servers included. A handler may take as long as it likes and may call the client. When it
 * throws, the server gets an error and the client's `onWarning` hears of it.
 */
export type Handlers = {
  readonly [M in ServerRequestMethod]?:
    | Handler<ServerRequestParams[M], ServerRequestResults[M]>
    | undefined;
} & {
  readonly "*"?: Handler<unknown, unknown> | undefined;
};

export type ApprovalRule<Params, Decision> =
  | "accept"
  | "decline"
  | Handler<Params, "accept" | "decline" | Decision>;

/** A rule for each kind of approval; a kind that is not named is declined. */
export interface ApprovalRules {
  /** Running a command: `item/commandExecution/requestApproval`. */
  readonly command?:
    | ApprovalRule<
        ServerRequestParams["item/commandExecution/requestApproval"],
        CommandExecutionApprovalDecision
      >
    | undefined;
  /** Changing files: `item/fileChange/requestApproval`. The diff is in the context's item. */
  readonly fileChange?:
    | ApprovalRule<
        ServerRequestParams["item/fileChange/requestApproval"],
        FileChangeApprovalDecision
      >
    | undefined;
  /** More permissions: `item/permissions/requestApproval`. "accept" grants what was asked, for the turn. */
  readonly permissions?:
    | ApprovalRule<
        ServerRequestParams["item/permissions/requestApproval"],
        PermissionsRequestApprovalResponse
      >
    | undefined;
  /** Calling a tool of an MCP server, which the protocol asks as an elicitation. */
  readonly mcpTool?:
    | ApprovalRule<ServerRequestParams["mcpServer/elicitation/request"], never>
    | undefined;
}

/** "decline" and "accept" stand for every kind. */
export type Approvals = "accept" | "decline" | ApprovalRules;
