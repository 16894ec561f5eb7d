import type {
  CommandExecutionApprovalDecision,
  PermissionsRequestApprovalResponse,
  ServerRequestParams,
  ServerRequestResults,
  ThreadItem,
} from "../protocol/index.ts";
import type { FileWarning } from "../requests/description.ts";

/** The method of a server request in the protocol. */
export type ServerRequestMethod = keyof ServerRequestParams;

/** The second argument of a handler, in addition to the request's params. */
export interface RequestContext {
  readonly method: string;
  /**
   * The item that the request is about, as last seen: the diff of a file change is here, not in the
   * params. Undefined if the request doesn't name an item, or names one that this client hasn't
   * seen.
   */
  readonly item: ThreadItem | undefined;
  /** The thread that the request is about, if this client knows it. */
  readonly threadId: string | undefined;
  /** The parent of the request's thread, if that thread is a sub-agent. */
  readonly parentThreadId: string | undefined;
  /**
   * Whether every number in the params equals the one that the server sent. False if a number has
   * more digits than a JavaScript number can hold; the server uses the exact one. Pass this
   * value to `describeRequest`.
   */
  readonly exactNumbers: boolean;
  /**
   * What the request doesn't show: paths that lead through a link, and files that a file change would replace. Empty if
   * the server doesn't run on this machine. Pass this value to `describeRequest`.
   */
  readonly fileWarnings: readonly FileWarning[];
  /** Aborts when the answer is no longer needed: the server withdrew the request, its turn ended, or the connection closed. */
  readonly signal: AbortSignal;
}

export type Handler<Params, Result> = (
  params: Params,
  context: RequestContext,
) => Result | Promise<Result>;

/**
 * Answers to server requests, by method; "*" answers all others, including methods of newer
 * servers. A handler can take as long as it needs, and can call the client. If it throws, the
 * server receives an error and `onWarning` is called.
 */
export type Handlers = {
  readonly [M in ServerRequestMethod]?:
    | Handler<ServerRequestParams[M], ServerRequestResults[M]>
    | undefined;
} & {
  readonly "*"?: Handler<unknown, unknown> | undefined;
};

/**
 * A decision for every request of a kind, or a function that returns one for each. "ask" keeps the
 * request pending in `codex.requests`.
 */
export type ApprovalRule<Params, Decision> =
  | "accept"
  | "decline"
  | "ask"
  | Handler<Params, "ask" | Decision>;

// The decisions are written out here, so that compiler errors list them.
/** A rule for each kind of approval; kinds without a rule are declined. */
export interface ApprovalRules {
  /** Running a command: `item/commandExecution/requestApproval`. */
  readonly command?:
    | ApprovalRule<
        ServerRequestParams["item/commandExecution/requestApproval"],
        | "accept"
        | "acceptForSession"
        | "decline"
        | "cancel"
        | Exclude<CommandExecutionApprovalDecision, string>
      >
    | undefined;
  /** Editing files: `item/fileChange/requestApproval`. The diff is in the context's item. */
  readonly fileChange?:
    | ApprovalRule<
        ServerRequestParams["item/fileChange/requestApproval"],
        "accept" | "acceptForSession" | "decline" | "cancel"
      >
    | undefined;
  /** Using more permissions: `item/permissions/requestApproval`. "accept" grants all of them for this turn. */
  readonly permissions?:
    | ApprovalRule<
        ServerRequestParams["item/permissions/requestApproval"],
        "accept" | "decline" | PermissionsRequestApprovalResponse
      >
    | undefined;
  /** Calling a tool of an MCP server: an elicitation in the protocol, which must match a running tool call. */
  readonly mcpTool?:
    | ApprovalRule<ServerRequestParams["mcpServer/elicitation/request"], "accept" | "decline">
    | undefined;
  /**
   * Keeps questions from the agent (`item/tool/requestUserInput`) and forms and links from MCP servers
   * (`mcpServer/elicitation/request`) pending in `codex.requests`, unless a handler answers them.
   */
  readonly questions?: "ask" | undefined;
}

/** What an approval asks for. */
export type ApprovalKind = Exclude<keyof ApprovalRules, "questions">;

/**
 * "decline" and "accept" apply to every kind of approval. "ask" keeps approvals, and questions
 * without a handler, pending in `codex.requests`.
 */
export type Approvals = "accept" | "decline" | "ask" | ApprovalRules;
