/** A block of the content that an MCP tool returns, such as `{ type: "text", text }`. */
export interface ContentBlock {
  readonly type: string;
  readonly [member: string]: unknown;
}

export type CommandExecutionStatus = "in_progress" | "completed" | "failed";

/** A command that the agent ran. */
export interface CommandExecutionItem {
  id: string;
  type: "command_execution";
  command: string;
  /** The output on stdout and stderr. */
  aggregated_output: string;
  /** Null while the command runs, although the type doesn't say so. */
  exit_code?: number;
  status: CommandExecutionStatus;
}

export type PatchChangeKind = "add" | "delete" | "update";

export interface FileUpdateChange {
  path: string;
  kind: PatchChangeKind;
}

export type PatchApplyStatus = "completed" | "failed";

/** Files that the agent changed. */
export interface FileChangeItem {
  id: string;
  type: "file_change";
  changes: FileUpdateChange[];
  /** "in_progress" until the files have been changed, although the type doesn't say so. */
  status: PatchApplyStatus;
}

export type McpToolCallStatus = "in_progress" | "completed" | "failed";

/** A call to a tool of an MCP server. */
export interface McpToolCallItem {
  id: string;
  type: "mcp_tool_call";
  server: string;
  tool: string;
  arguments: unknown;
  /** Null until the call has succeeded, although the type doesn't say so. */
  result?: { content: ContentBlock[]; _meta?: unknown; structured_content: unknown };
  /** Null unless the call has failed, although the type doesn't say so. */
  error?: { message: string };
  status: McpToolCallStatus;
}

/** A message from the agent; JSON if the turn has an `outputSchema`. */
export interface AgentMessageItem {
  id: string;
  type: "agent_message";
  text: string;
}

/** A summary of the agent's reasoning. */
export interface ReasoningItem {
  id: string;
  type: "reasoning";
  text: string;
}

/** A web search. */
export interface WebSearchItem {
  id: string;
  type: "web_search";
  query: string;
}

/** A problem that didn't end the turn. */
export interface ErrorItem {
  id: string;
  type: "error";
  message: string;
}

export interface TodoItem {
  text: string;
  completed: boolean;
}

/** The agent's plan. It completes when the turn ends. */
export interface TodoListItem {
  id: string;
  type: "todo_list";
  items: TodoItem[];
}

/**
 * An item of a turn. Ids are numbered from `item_0` in each run. Calls about sub-agents are
 * included, with the type "collab_tool_call", which `@openai/codex-sdk` doesn't declare.
 */
export type ThreadItem =
  | AgentMessageItem
  | ReasoningItem
  | CommandExecutionItem
  | FileChangeItem
  | McpToolCallItem
  | WebSearchItem
  | TodoListItem
  | ErrorItem;
